"""How cost grows: with nodes, hops, clients, receivers."""
