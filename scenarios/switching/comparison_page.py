"""What docs/switching.md shows of the comparison of datagrams and virtual circuits: a table, made of one run."""

from collections import Counter
from collections.abc import Sequence

from lab.history import History
from lab.switching.switched import Kind
from scenarios.switching.checks.circuits import DATA_HEADER, DATAGRAM_HEADER
from scenarios.switching.checks.flow import late
from scenarios.switching.checks.tables import looks
from scenarios.switching.checks.trouble import DROPPED, GOES_ON_WITHIN
from scenarios.switching.checks.workload import BIG, DEAD, PAIRS, SHOWN, SMALL, data, datagrams, overload, work

HOST = PAIRS[0][0]


def rows(history: History) -> list[str]:
    """Return the table: an issue a row, what datagrams make of it, and what circuits do."""
    issues = {
        "Setup": _setup(history),
        "From a host's first packet to its first data at the other host": _first_byte(history),
        "Addressing": (
            f"each packet bears both names: {DATAGRAM_HEADER} bytes of header",
            f"each packet bears a label: {DATA_HEADER} bytes of header",
        ),
        "State in a switch": _state(history),
        "Routing": _routing(history),
        "Order": _order(history),
        f"The switch {DEAD} dies": (
            f"some packets are lost; within {GOES_ON_WITHIN:g} s the others go another way, and nobody does anything",
            f"within {GOES_ON_WITHIN:g} s both circuits are released, and what was sent meanwhile is lost; "
            "the hosts have to call again",
        ),
        "Quality of service": (
            "nothing can be promised",
            f"{overload(history, PAIRS[0]).rate:,} bit/s are reserved on every link of the way",
        ),
        "Congestion: two hosts send, each 0.7 of what a link carries": _congestion(history),
    }
    table = [f"| {issue} | {' | '.join(cells)} |" for issue, cells in issues.items()]
    return ["| Issue | Datagrams | Virtual circuits |", "|---|---|---|", *table]


def _setup(history: History) -> tuple[str, str]:
    circuit, _ = work(history, PAIRS[0])
    kinds = [sum(c.switched.kind is kind for c in circuit.crossings) for kind in (Kind.SETUP, Kind.ACCEPT)]
    there, back = kinds
    return (
        "none: the first packet is data",
        f"{there + back} packets on the links before the first data: SETUP on {there}, ACCEPT back on {back}",
    )


def _first_byte(history: History) -> tuple[str, str]:
    """Tell how long the quickest datagram took, for a busy machine makes the others late."""
    flow = [way for way in datagrams(history, PAIRS[0], SMALL) if way.came and DEAD in way.nodes]
    across = min(way.ended - way.began for way in flow)
    return (
        f"≈ {1000 * across:.0f} ms: the data goes across",
        "three times as long: SETUP, ACCEPT and the data go across, one after the other",
    )


def _state(history: History) -> tuple[str, str]:
    """Tell how many entries the switches showed that they have."""
    shown = {switch: [look.tables for look in looks(history, switch)] for switch in SHOWN}
    routes = {sum(bool(way["via"]) for way in told["routes"].values()) for all_told in shown.values()
              for told in all_told[:2]}  # fmt: skip
    here, there = ([str(len(told["circuits"])) for told in shown[switch][2:]] for switch in SHOWN)
    circuits = "; ".join(
        f"{' and '.join(numbers)} {when}"
        for numbers, when in zip(
            zip(here, there, strict=True),
            ("with two circuits", "when both were set up anew", "when both were released"),
            strict=True,
        )
    )
    return (
        f"a route to each other node: {' or '.join(map(str, sorted(routes)))}, with no flow and with two",
        f"those, and an entry for each circuit through it: {' and '.join(SHOWN)} have {circuits}",
    )


def _routing(history: History) -> tuple[str, str]:
    flow = [way for way in datagrams(history, PAIRS[0], SMALL) if way.came]
    others = Counter(_switches(way.nodes) for way in flow if DEAD not in way.nodes)
    first, second = (_switches(circuit.nodes) for circuit in work(history, PAIRS[0]))
    return (
        f"each packet by the tables of its time: {_switches(flow[0].nodes)}; with {DEAD} dead, "
        f"{others.most_common(1)[0][0]}; with {DEAD} back, {_switches(flow[-1].nodes)}",
        f"once, by the SETUP: {first}; when that was over and {HOST} called again, {second} to the end",
    )


def _switches(nodes: Sequence[str]) -> str:
    return " ".join(nodes[1:-1])


def _order(history: History) -> tuple[str, str]:
    datagrams_late = any(late(datagrams(history, pair, SMALL)) for pair in PAIRS)
    circuits_late = any(late(data(history, circuit)) for pair in PAIRS for circuit in work(history, pair))
    return (
        f"{_kept(datagrams_late)}: with {DEAD} back, packets overtake some that are still on the longer way",
        f"{_kept(circuits_late)}: with {DEAD} back, a circuit stays on its way",
    )


def _kept(is_late: bool) -> str:
    return "not kept" if is_late else "kept"


def _congestion(history: History) -> tuple[str, str]:
    flow = [way for pair in PAIRS for way in datagrams(history, pair, BIG)]
    taken, refused = (overload(history, pair) for pair in PAIRS)
    said = refused.of(Kind.RELEASE)[0].switched
    sent = data(history, taken)
    switch = flow[0].crossings[0].receiver
    return (
        f"the queue of {switch} is full: more than {DROPPED} of {len(flow)} packets are dropped",
        f"the second call is refused by {said.who}: {said.reason}; of the first one's {len(sent)} packets "
        f"{sum(not way.came for way in sent)} are dropped",
    )
