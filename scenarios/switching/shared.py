r"""What the scenarios on topology/datagram.yaml share: every switch knows the shortest ways, and plays ask for tables.

h1 ── a ── c ── e ── f ── h2
h3 ──/ \── b ── d ──/ \── h4
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lab.events import Packet
from lab.lab import Lab
from lab.recorder import now
from lab.switching.switched import Kind, switched
from lab.switching.tables import SWITCH
from lab.terminal import Terminal
from lab.waiting import DEADLINE, eventually
from scenarios.switching.checks.vectors import Told

TOPOLOGY = "datagram"
PAGE = "docs/switching.md"
ASK = ["python3", "-m", "services.switch_tables", "--json"]

ASK_TABLES_EVERY = 0.2
"""Seconds between two looks at tables: each look starts a program in a node, and tables take half a second to learn."""
NO_TABLES: dict[str, Any] = {"routes": {}, "circuits": [], "lines": {}}

Metrics = dict[str, dict[str, int]]
"""How far it is from each node to each other one."""


def bring_up(lab: Lab) -> None:
    """Begin a play: have every node up and every table whole, whichever scenario is played first."""
    with lab.step("Six packet switches and four hosts are up, and every switch knows the shortest ways"):
        lab.complete()
        wait_told_whole(lab)


def wait_whole(lab: Lab) -> None:
    """Wait until the tables of all switches tell of the shortest ways."""
    asked_for, wanted = switches(lab), shortest(lab)

    def are_whole() -> bool:
        with ThreadPoolExecutor(len(asked_for)) as pool:
            return all(known == wanted[name] for name, known in zip(asked_for, pool.map(asked, asked_for), strict=True))

    def asked(switch: str) -> dict[str, int]:
        return metrics(tables(lab, switch))

    eventually(
        are_whole,
        "tables with the shortest ways",
        otherwise=lambda: str({switch: asked(switch) for switch in asked_for}),
        every=ASK_TABLES_EVERY,
    )


def wait_told_whole(lab: Lab) -> None:
    """Wait until vectors tell of the shortest ways, those from now on: to ask switches again and again is work."""
    began = now()
    wanted = shortest(lab)
    tellers, whole = set(switches(lab)), set[str]()
    told = Told()

    def is_last_piece(packet: Packet) -> bool:
        read = switched(packet) if packet.time >= began else None
        if read is None or read.kind is not Kind.VECTOR:
            return False
        told.hear(read.source, lab.topology.name_of[packet.dst or ""], read.metrics)
        if told.metrics(read.source) == wanted[read.source]:
            whole.add(read.source)
        else:
            whole.discard(read.source)
        return whole == tellers

    lab.wait_packet("vectors that tell of the shortest ways", is_last_piece, within=DEADLINE * 2)


def wait_next_hop(lab: Lab, switch: str, destination: str, next_hop: str | None) -> None:
    """Wait until a switch sends what is for a destination by this neighbour; None: until it knows no way."""

    def by() -> Any:
        return tables(lab, switch)["routes"].get(destination, {}).get("via")

    expected = f"{switch} reaches {destination} by {next_hop or 'nobody'}"
    eventually(lambda: by() == next_hop, expected, otherwise=lambda: f"by {by() or 'nobody'}", every=ASK_TABLES_EVERY)


def tables(lab: Lab, switch: str) -> dict[str, Any]:
    """Ask a switch for its tables and counters, for the play alone; of one that does not answer yet they are empty."""
    done = lab.node(switch).run(ASK)
    answer: dict[str, Any] = json.loads(done.output) if done.status == 0 else NO_TABLES
    return answer


def switches(lab: Lab) -> list[str]:
    """Return the packet switches of the lab."""
    return [node.name for node in lab.topology.nodes.values() if node.role.name == SWITCH]


def show_tables(lab: Lab, *some: str) -> None:
    """Have switches tell their tables into the history, where checks find them."""
    shown: list[Terminal] = [lab.node(switch).open(ASK) for switch in some]
    for terminal in shown:
        terminal.wait_for_end()


def datagram_since(begin: float, *, last: bool = False) -> Callable[[Packet], bool]:
    """Return what tells whether a packet is a datagram (the last of its flow) that was seen since then."""
    return packet_since(Kind.DATAGRAM, begin, last=last)


def packet_since(kind: Kind, begin: float, *, last: bool = False) -> Callable[[Packet], bool]:
    """Return what tells whether a packet is of a kind (the last of its flow), and was seen since then."""

    def is_wanted(packet: Packet) -> bool:
        read = switched(packet) if packet.time >= begin else None
        return read is not None and read.kind is kind and (read.last or not last)

    return is_wanted


def metrics(table: Mapping[str, Any]) -> dict[str, int]:
    """Return how far it is to each destination that can be reached."""
    return {name: route["metric"] for name, route in table["routes"].items() if route["via"]}


def shortest(lab: Lab) -> Metrics:
    """Return the length of the shortest way between any two nodes."""
    return lengths(lab.topology.nodes, [(*link.ends, link.cost) for link in lab.topology.links])


def lengths(nodes: Collection[str], links: Iterable[tuple[str, str, int]]) -> Metrics:
    """Return the length of the shortest way between any two nodes over links (Floyd and Warshall)."""
    far = len(nodes) * 256
    length = {one: {other: 0 if one == other else far for other in nodes} for one in nodes}
    for one, other, cost in links:
        length[one][other] = length[other][one] = cost
    for over in nodes:
        for one in nodes:
            for other in nodes:
                length[one][other] = min(length[one][other], length[one][over] + length[over][other])
    return {one: {other: n for other, n in row.items() if 0 < n < far} for one, row in length.items()}
