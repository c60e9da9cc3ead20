"""How what is a lab's is known among all that an engine has: by labels, and by the names of containers."""

LAB_LABEL, NODE_LABEL, ROLE_LABEL = "socklab.lab", "socklab.node", "socklab.role"


def container_name(lab: str, node: str) -> str:
    """Return the name of a node's container, which is compose's."""
    return f"{lab}-{node}-1"
