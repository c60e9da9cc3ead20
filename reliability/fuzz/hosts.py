"""Packet switches and hosts under any packets, in any order and at any time, and under anything that is typed."""

import json
from collections.abc import Iterator

from lab.switching import switched
from reliability.fuzz.packets import PACKETS, SEEDS, SETS_RIGHT, packet_of
from reliability.fuzz.shapes import varied
from reliability.fuzz.target import Pieces, one_line, target
from services import switch_tables
from services.switching import commands, header, words
from services.switching.console import LARGEST_ANSWER, one_datagram, tables
from services.switching.host import Host
from services.switching.line import Line
from services.switching.routing import INFINITY, MOST_DESTINATIONS, DistanceVector
from services.switching.switch import Switch
from services.switching.words import LONGEST_GAP, MistakeError

PAUSES = (0.0, 0.001, 0.1, 0.5, 2.0, 25.0)
"""Seconds between two packets: at once, and longer than each thing that times out."""

COMMANDS = (
    b"send h2 good morning", b"message h2 4000 5", b"flow h2 20 0.01", b"flow 1 2 0", b"stop", b"call h2 5",
    b"say 1 hello", b"release 1", b"circuits", b"raw 11 20 00 08", b"help", b"exit", b"flow h2 1 0.5 64000",
)  # fmt: skip
WORDS = [b"send ", b"message ", b"flow ", b"call ", b"say ", b"release ", b"raw ", b" h2 ", b"\x85", b"\xc2\xa0", b"\0"]


def moments(data: bytes) -> Iterator[tuple[float, int, bytes]]:
    """Yield what happens, as an input says: after a pause, on one of several lines, these bytes come."""
    pieces = Pieces(data)
    while pieces:
        how = pieces.byte()
        yield PAUSES[how % len(PAUSES)], how // len(PAUSES), packet_of(pieces.part(80))


def story(*steps: tuple[int, bytes]) -> bytes:
    """Return an input of several moments."""
    return b"".join(bytes([how, len(data)]) + data for how, data in steps)


STORIES = [
    story(*((number, seed) for number, seed in enumerate(SEEDS) if seed[:1] == SETS_RIGHT)),
    story(*((6, SETS_RIGHT + header.encode(packet)) for packet in PACKETS)),
]


@target(
    "a switch counts, drops or sends on what comes; it tells no end of destinations and is never late with itself",
    longest=500,
    runs=1200,
    seeds=STORIES,
)
def switches(data: bytes) -> None:
    lines = [Line(name, rate=1e6, delay=0.001, queue=8) for name in ("h1", "a", "x")]
    costs = {line.name: line.cost for line in lines}
    said: list[str] = []
    switch = Switch("b", lines, DistanceVector("b", costs), tell=said.append)
    now = 100.0
    for pause, where, packet in moments(data):
        now += pause
        _take_what_is_due(switch, now)
        switch.receive(now, lines[where % len(lines)].name, packet)
        assert len(switch.routes.table()) <= MOST_DESTINATIONS
        for line in lines:
            assert all(switched.decode(sent) for sent in line.take(now)), "it sent what is no packet"
    assert sum(switch.received.values()) >= sum(switch.drops.values())
    answer = one_datagram(tables(switch, now))
    assert len(answer) <= LARGEST_ANSWER and switch_tables.shown(answer)
    for told in said:
        one_line(told)
    for metric in (metric for _, metric in switch.routes.table().values()):
        assert metric is not None and 0 < metric <= INFINITY


@target(
    "a host takes what is typed and what comes, says so in lines, and is never late with itself",
    longest=500,
    runs=1200,
    seeds=[*STORIES, *(story((250, command)) for command in COMMANDS)],
    words=WORDS,
)
def hosts(data: bytes) -> None:
    said: list[str] = []
    left: list[bool] = []
    line = Line("a", rate=1e6, delay=0.001, queue=20)
    host = Host("h2", line, said.append, lambda: left.append(True))
    now = 100.0
    for pause, what, packet in moments(data):
        now += pause
        _take_what_is_due(host, now)
        if what < 20:
            host.receive(now, "a", packet)
        else:
            try:
                host.typed(now, packet)
            except MistakeError as mistake:
                one_line(str(mistake))
        line.take(now)
    assert all("\n" not in text or text.startswith(("send ", "circuit ")) for text in said), said
    assert len(left) <= 1


def _take_what_is_due(node: Switch | Host, now: float) -> None:
    """Let timers act as the loop does; what is due must be so at a later time when it has acted."""
    for _ in range(20_000):
        due = node.due()
        if due is None or due > now:
            return
        node.tick(max(due, now - 1))
        for line in node.lines.values():
            line.take(now)
    raise AssertionError(f"it is due again and again, at {due}")


@target(
    "what is typed is a command within its bounds, or a mistake in one line",
    longest=5100,
    seeds=[*COMMANDS, b"flow h2 " + b"1" * 5000],
    words=[*WORDS, b"\xd9\xa3", b"nan", b"1e-9"],
)
def typed_words(data: bytes) -> None:
    try:
        command = words.parse(data)
    except MistakeError as mistake:
        one_line(str(mistake))
        return
    match command:
        case commands.Flow(to, packets, gap, size):
            assert header.is_name(to) if isinstance(to, str) else 1 <= to <= 65_535
            assert packets >= 1 and 0 <= gap <= LONGEST_GAP and size >= 24
        case commands.Send(to, text):
            assert header.is_name(to) and text and text in data
        case commands.Message(to, size, packets):
            assert header.is_name(to) and 24 * packets <= size and 1 <= packets <= 1000
        case commands.Say(circuit) | commands.Release(circuit):
            assert 1 <= circuit <= 65_535
        case commands.Raw(raw):
            assert len(raw) <= header.LARGEST
        case None:
            assert not data.decode("utf-8", "surrogateescape").split()


CIRCUIT = {
    "source": "h1", "destination": "h2", "in_line": "h1", "in_label": 1, "out_line": "c", "out_label": 2,
    "state": "open", "reserved": 0,
}  # fmt: skip
ANSWER = tables(Switch("b", [Line("a", 1e6, 0)], DistanceVector("b", {"a": 1}), tell=print), 0.0) | {
    "routes": {"h2": {"via": "a", "metric": 4}, "x": {"via": None, "metric": 16}},
    "circuits": [CIRCUIT],
}


@target(
    "what answers for a switch is shown as tables, or is named no switch",
    longest=2000,
    seeds=[b"\0", b"\1\x32\2\0\xff\0", b"\xff" + json.dumps(ANSWER).encode(), b"\xff" + b"[" * 1500],
)
def switch_answers(data: bytes) -> None:
    answer = data[1:] if data[:1] == b"\xff" else json.dumps(varied(ANSWER, Pieces(data))).encode()
    try:
        shown = switch_tables.shown(answer)
    except switch_tables.NoSwitchError as error:
        one_line(str(error))
    else:
        assert shown.startswith("switch ")
