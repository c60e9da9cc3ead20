"""The threads of a node's program: read from its system, put into words, shown as a table."""
