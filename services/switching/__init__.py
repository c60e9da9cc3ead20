"""Packet switching: packets, lines, routes, circuits, and the loop that runs a node made of them."""
