"""The programs that run inside the nodes of a lab, one file a role, with the standard library alone."""
