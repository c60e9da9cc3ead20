"""What was written down, or printed by a node, and is read again: histories, wishes, the tables that a switch tells."""

import json
import tempfile
from pathlib import Path
from typing import Any

from lab import state
from lab.events import AnyEvent, Exited, Fault, Packet, Printed, Started, Step, TapClosed, ThreadsSeen, Typed
from lab.history import History
from lab.ladder.model import ladder
from lab.ladder.svg import svg
from lab.switching import told_tables
from lab.threads.model import Descriptor, Kind, State, Thread
from reliability.fuzz.shapes import varied
from reliability.fuzz.target import Pieces, one_line, target

SCRATCH = Path(tempfile.gettempdir())
ENDS: dict[str, Any] = {
    "network": "lab",
    "protocol": "tcp",
    "src": "10.83.0.3",
    "dst": "10.83.0.2",
    "sport": 4000,
    "dport": 9000,
}
BACK: dict[str, Any] = {
    "network": "lab",
    "protocol": "tcp",
    "src": "10.83.0.2",
    "dst": "10.83.0.3",
    "sport": 9000,
    "dport": 4000,
}
READER = Thread(
    process=1, number=2, name="reader", state=State.BLOCKED, call="recvfrom", cpu=0.5, voluntary=3, involuntary=1,
    on=(Descriptor(kind=Kind.CONNECTION, port=9000, peer="10.83.0.3", peer_port=4000),),
)  # fmt: skip
EVENTS: tuple[AnyEvent, ...] = (
    Started(time=1.0, node="server", role="broadcast-server", addresses={"lab": "10.83.0.2"}),
    Started(time=1.0, node="alice", role="broadcast-client", addresses={"lab": "10.83.0.3"}, others={"fd00::3": "lab"}),
    Packet(time=1.1, number=1, length=74, flags=("SYN",), seq=100, ttl=64, **ENDS),
    Packet(time=1.2, number=2, length=74, flags=("SYN", "ACK"), seq=200, ack=101, **BACK),
    Typed(time=1.3, node="alice", data=b"hello\n"),
    Packet(time=1.4, number=3, length=80, flags=("PSH", "ACK"), seq=101, ack=201, payload=b"hello\n", **ENDS),
    Packet(time=1.5, number=4, length=66, flags=("FIN", "ACK"), seq=107, ack=201, **ENDS),
    Packet(time=1.5, number=5, length=66, flags=("FIN", "ACK"), seq=201, ack=108, **BACK),
    Packet(time=1.6, network="lab", number=6, length=60, protocol="igmp", src="10.83.0.3", dst="224.0.0.22",
           what="v3 report to-exclude 224.1.1.1", group="224.1.1.1"),
    Printed(time=1.6, node="server", data=b"* \xff\x1b[2J\r\n"),
    ThreadsSeen(time=1.7, node="server", threads=(READER,)),
    Step(time=1.8, began=1.0, sentence="Type hello", expected="hello", got="nothing"),
    Fault(time=1.9, node="server", what="killed", began=1.85),
    Exited(time=2.0, node="server", status=137),
    TapClosed(time=2.1, network="lab", received=6, dropped=0, canary=True),
)  # fmt: skip
LINES: list[dict[str, Any]] = [json.loads(event.model_dump_json()) for event in EVENTS]


@target(
    "a stored history is refused as one, or is read: kept and read again it is the same, and it can be drawn",
    runs=500,
    seeds=[
        b"\0",
        b"\1\x32\2\x32\0\xff\0",
        b"\3" + bytes(range(50, 90)),
        b"\2\x64\x05\x64\x08\xff\x06\x64\x07\x64\1\xff\3",
    ],
)
def histories(data: bytes) -> None:
    pieces = Pieces(data)
    events = varied(LINES, pieces)
    lines = [json.dumps(event) for event in (events if isinstance(events, list) else [events])]
    if pieces.byte() > 250:
        lines.append(pieces.text())
    with tempfile.NamedTemporaryFile("w", dir=SCRATCH, suffix=".jsonl", encoding="utf-8", errors="replace") as file:
        file.write("\n".join(lines))
        file.flush()
        path = Path(file.name)
        try:
            history = History.load(path)
        except ValueError:
            return
        history.save(path)
        again = History.load(path)
    assert again.events == history.events
    assert history.blindness() is None or isinstance(history.blindness(), str)
    for connection in history.connections:
        assert isinstance(connection.from_client + connection.from_server, bytes)
    svg(ladder(history, "a capture"), "drawn")


TABLES: dict[str, Any] = {
    "name": "a",
    "routes": {"h2": {"via": "c", "metric": 4}, "x": {"via": None, "metric": 16}},
    "circuits": [{"in_line": "h1", "in_label": 1, "out_line": "c", "out_label": 2, "source": "h1", "state": "open"}],
    "lines": {"c": {"rate": 64000}},
    "drops": {},
}


@target(
    "a line on a switch's terminal tells its tables, which have words, or is none",
    longest=2000,
    seeds=[b"\0", b"\1\x32\2\0\xff\0", b'\xff{"name": ' + b"[" * 1500, b'\xff{"name": '],
    words=[b'{"name": ', b'"routes"', b'"circuits"', b'"lines"'],
)
def told_of_tables(data: bytes) -> None:
    if data[:1] == b"\xff":
        line = data[1:].decode("utf-8", "backslashreplace")
    else:
        line = json.dumps(varied(TABLES, Pieces(data)))
    tables = told_tables.read(line)
    if tables is not None:
        assert len(told_tables.entries(tables)) == len(tables["circuits"])
        one_line(told_tables.words(tables))


WISH = {"topology": "lab", "forwarders": 3, "base": "10.99.0.0/16", "name": "second"}


@target(
    "what is kept of a lab that is up is read as it was written, or not at all",
    runs=3000,
    seeds=[b"\0", b"\1\x32\1\xff\2", b"\xff" + b"[" * 150, b"\xff5"],
)
def wishes(data: bytes) -> None:
    text = data[1:] if data[:1] == b"\xff" else json.dumps(varied(WISH, Pieces(data))).encode()
    with tempfile.NamedTemporaryFile(dir=SCRATCH, suffix=".json") as file:
        file.write(text)
        file.flush()
        wish = state._read(Path(file.name))
    if wish is not None:
        assert isinstance(wish.topology, str)
        assert wish.forwarders is None or type(wish.forwarders) is int
        assert isinstance(wish.base, str | None) and isinstance(wish.name, str | None)
