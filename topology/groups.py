"""Which nodes belong together, and in which order to show them.

Nodes that dial each other or are peers are one group; so are the members of one multicast group, those who share an
anycast address, and those whom links join. Within a group a server stands in the middle and those who dial it left and
right of it: short arrows, no crossings.

    alice -> forwarder1 -> forwarder2 -> server <- bob   <- carol
"""

from collections.abc import Iterable

from topology.plan import Node, Topology


def grouped(topology: Topology) -> list[list[Node]]:
    """Return the groups of a lab, each with its nodes, both in the order of the file."""
    leader = {name: name for name in topology.nodes}  # a union-find forest

    def find(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    first: dict[object, str] = {}  # the first node seen of those that one thing holds together
    for node in topology.nodes.values():
        for tie in _ties(node):
            leader[find(node.name)] = find(first.setdefault(tie, node.name))
    groups: dict[str, list[Node]] = {}
    for node in topology.nodes.values():
        groups.setdefault(find(node.name), []).append(node)
    return list(groups.values())


def _ties(node: Node) -> Iterable[object]:
    """Yield what ties a node to others: two nodes with an equal tie are in one group."""
    yield ("node", node.name)
    if node.upstream is not None:
        yield ("node", node.upstream)
    if node.peer is not None:
        yield ("node", node.peer)
    if node.joins is not None:
        yield ("multicast", node.joins)
    if node.sends_to is not None and node.role.sends_group:  # a server that publishes has its clients around it
        yield ("multicast", node.sends_to)
    if node.anycast is not None:
        yield ("anycast", node.anycast)
    for line in node.lines:
        yield ("node", line.neighbour)
    if not (node.upstream or node.peer or node.port or node.joins or node.sends_to or node.lines):
        yield ("idle", *node.addresses)


def in_line(group: list[Node]) -> list[Node]:
    """Return the nodes of a group in the order to draw them, from left to right."""
    names = {node.name for node in group}
    dialed_by: dict[str | None, list[Node]] = {}
    for node in group:
        dialed_by.setdefault(node.upstream if node.upstream in names else None, []).append(node)
    return [node for root in dialed_by.get(None, []) for node in _around(root, dialed_by)]


def _around(root: Node, dialed_by: dict[str | None, list[Node]]) -> list[Node]:
    """Return a server with those who dial it on both sides of it, half and half."""
    trees = [_outward(node, dialed_by) for node in dialed_by.get(root.name, [])]
    half = sum(map(len, trees)) / 2
    left: list[Node] = []
    right: list[Node] = []
    for tree in trees:
        if len(left) < half and not right:
            left = [*left, *reversed(tree)]
        else:
            right += tree
    return [*left, root, *right]


def _outward(start: Node, dialed_by: dict[str | None, list[Node]]) -> list[Node]:
    """Return a node and all who reach the server through it, the nearest first."""
    found: list[Node] = []
    waiting = [start]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting += reversed(dialed_by.get(node.name, []))
    return found
