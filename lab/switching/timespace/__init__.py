"""Time-space diagrams: how long a packet takes on each link, and what other links do meanwhile."""
