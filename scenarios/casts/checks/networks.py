"""The networks of topology/casts.yaml, in the order in which a datagram from w1 to the other side crosses them.

w1 ──west──► r1 ──backbone──► r2 ──east──► e1
"""

WAY = ("west", "backbone", "east")
