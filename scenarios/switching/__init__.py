"""Packet switching: store-and-forward, datagrams, virtual circuits."""
