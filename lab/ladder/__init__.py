"""A history as a ladder diagram: time downwards, a column a node, an arrow a message."""
