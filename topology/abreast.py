"""Where everything goes in a drawing of networks that routers join in a row: side by side, routers on the joints.

    [w1] [w2] [w3]                           [e1] [e2] [e3]
    ═══ west ═══ [r1] ═══ backbone ═══ [r2] ═══ east ══════
    [anycast1]                               [anycast2]
         └───────────── 10.84.255.1 ─────────────┘

Networks that are joined in another way are drawn as storeys, by topology/layout.py.
"""

from topology.captions import caption
from topology.groups import grouped, in_line
from topology.layout import (
    CLEAR,
    LETTER,
    MARGIN,
    PILL,
    SIGN,
    STUB,
    WIDTH,
    Box,
    Bus,
    Layout,
    Row,
    cells,
    headroom,
    height,
    moved,
    place,
    size,
)
from topology.plan import Network, Node, Topology

_BUS = 42  # how thick a network is: its caption has two lines
_GAP = 14  # between a router and what stands on the networks beside it
_MOST = 4  # networks in a row; more would be too wide to read


def lay_out(topology: Topology) -> Layout | None:
    """Give every node and network its place, or return None where the networks are not in a row."""
    line = _line(topology)
    if line is None:
        return None
    networks, routers = line
    tall = height(topology)
    upper: dict[str, Box] = {}
    lower: dict[str, Box] = {}
    joints: dict[str, Box] = {}
    spans: list[tuple[float, float]] = []  # of the networks, from left to right
    x = float(MARGIN)
    for network, router in zip(networks, (*routers, None), strict=True):
        rows = _rows(topology, network)
        width = max(_caption_width(network), *(_width(row, x) for row in rows))
        for row, boxes in zip(rows, (upper, lower), strict=True):
            boxes |= place(row, boxes is upper, x + (width - _width(row, x)) / 2, tall)
        spans.append((x, x + width))
        x += width
        if router is not None:
            broad = _router_width(router)
            joints[router.name] = Box((router,), x + _GAP + broad / 2, 0, True, tall, broad)
            x += broad + 2 * _GAP
    y = MARGIN + headroom(upper) + ((tall + STUB) if upper else 0)  # of the networks
    y = max(y, MARGIN + (tall - _BUS) / 2)
    boxes = moved(upper, y - STUB - tall) | moved(lower, y + _BUS + STUB) | moved(joints, y + (_BUS - tall) / 2)
    bottom = y + _BUS + max((tall - _BUS) / 2, (STUB + tall + headroom(lower)) if lower else 0)
    signs = _signs(topology, boxes, bottom)
    bottom = max([bottom, *(place + PILL / 2 for _, place in signs.values())])
    ends = [spans[0][0], *(box.x for box in joints.values()), spans[-1][1]]  # a network goes on behind its routers
    buses = [
        Bus(network, y, left, right - left, _BUS, middle=(span[0] + span[1]) / 2)
        for network, left, right, span in zip(networks, ends[:-1], ends[1:], spans, strict=True)
    ]
    return Layout(boxes, buses, x + MARGIN, bottom + MARGIN, signs)


def _line(topology: Topology) -> tuple[list[Network], list[Node]] | None:
    """Return the networks from one end to the other and the routers between them, if that is how it is."""
    routers = [node for node in topology.nodes.values() if node.role.forwards]
    alone = all((len(node.addresses) == 1) != node.role.forwards for node in topology.nodes.values())
    if not routers or not alone or any(len(router.addresses) != 2 for router in routers):
        return None
    joints: dict[str, list[Node]] = {name: [] for name in topology.networks}
    for router in routers:
        for name in router.addresses:
            joints[name].append(router)
    if len(routers) != len(joints) - 1 or len(joints) > _MOST or any(len(on) > 2 for on in joints.values()):
        return None  # as many would close a ring, and all networks are joined
    here = next(name for name, on in joints.items() if len(on) == 1)
    names, passed = [here], list[Node]()
    while more := [router for router in joints[here] if router not in passed]:
        passed.append(more[0])
        here = next(name for name in more[0].addresses if name != here)
        names.append(here)
    return [topology.networks[name] for name in names], passed


def _rows(topology: Topology, network: Network) -> tuple[Row, Row]:
    """Share out the nodes of a network: multicast above, where its sign is, anycast below, the rest by room."""
    upper: Row = []
    lower: Row = []
    for group in grouped(topology):
        home = [node for node in group if network.name in node.addresses and not node.role.forwards]
        if not home:
            continue
        if any(node.anycast for node in home):
            row = lower
        elif any(node.joins or node.sends_to for node in group):
            row = upper
        else:
            row = upper if size(upper) <= size(lower) else lower
        row.append(cells(in_line(home)))
    return upper, lower


def _signs(topology: Topology, boxes: dict[str, Box], bottom: float) -> dict[str, tuple[float, float]]:
    """Return where the sign of each shared address is: under the middle of those who share it."""
    signs: dict[str, tuple[float, float]] = {}
    for node in topology.nodes.values():
        if node.anycast is not None and str(node.anycast) not in signs:
            xs = {boxes[other.name].x for other in topology.nodes.values() if other.anycast == node.anycast}
            y = bottom + len(signs) * (PILL + CLEAR) + SIGN - PILL / 2
            signs[str(node.anycast)] = sum(xs) / len(xs), y
    return signs


def _width(row: Row, start: float) -> float:
    boxes = place(row, True, start, 0).values()
    return max((box.x + WIDTH / 2 - start for box in boxes), default=0)


def _caption_width(network: Network) -> float:
    texts = caption(network)
    return max(len("  ".join(line)) * LETTER for line in (texts[:2], texts[2:])) + MARGIN


def _router_width(router: Node) -> float:
    """Return how wide a router's box is: it shows the addresses on its networks side by side."""
    longest = max(len(str(address)) for address in router.addresses.values())
    return max(float(WIDTH), 2 * (longest * LETTER + MARGIN / 2 + 4))
