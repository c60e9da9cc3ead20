"""The packets of packet switches on their links: read, followed from node to node, drawn; and the switches' tables."""
