"""A small history written by hand: a client, a server, a group and its member; and any history, for hypothesis."""

from hypothesis import settings
from hypothesis import strategies as st

from lab.events import AnyEvent, Exited, Fault, Packet, Printed, Started, Step, TapClosed, ThreadsSeen, Typed
from lab.history import History
from lab.threads.model import Descriptor, Kind, State, Thread

ADDRESSES = {"client": "10.84.0.3", "server": "10.84.0.2", "member": "10.84.0.4"}
GROUP = "224.1.1.1"


def packet(time: float, src: str, dst: str, protocol: str = "tcp", **more: object) -> Packet:
    """Make a packet between nodes (or addresses)."""
    given: dict[str, object] = {"network": "lab", "number": int(time * 1000), "length": 60, **more}
    source, target = ADDRESSES.get(src, src), ADDRESSES.get(dst, dst)
    return Packet.model_validate({"time": time, "src": source, "dst": target, "protocol": protocol, **given})


def tcp(time: float, src: str, dst: str, *flags: str, payload: bytes = b"", sport: int = 40000) -> Packet:
    """Make a TCP segment between client (port 40000, or `sport`) and server (port 9000)."""
    ports = (9000, sport) if src == "server" else (sport, 9000)
    return packet(time, src, dst, flags=flags, payload=payload, sport=ports[0], dport=ports[1], seq=int(time * 1000))


def started(time: float, node: str) -> Started:
    """Make the start of a node."""
    role = {"client": "broadcast-client", "server": "broadcast-server"}.get(node, "multicast-receiver")
    return Started(time=time, node=node, role=role, addresses={"lab": ADDRESSES[node]})


def events() -> list[AnyEvent]:
    """Return a whole play in two steps: all start, the client types a word, and ends."""
    return [
        started(1.0, "server"),
        started(1.1, "member"),
        packet(1.2, "member", "224.0.0.22", "igmp", group=GROUP, what=f"v3 report to-exclude {GROUP}"),
        packet(1.21, "member", "224.0.0.22", "igmp", group=GROUP, what=f"v3 report to-exclude {GROUP}"),
        packet(1.25, "client", "server", "arp"),
        started(1.3, "client"),
        tcp(1.4, "client", "server", "SYN", sport=39999),
        tcp(1.41, "server", "client", "RST", "ACK", sport=39999),
        tcp(1.42, "client", "server", "SYN", sport=39998),
        tcp(1.43, "server", "client", "RST", "ACK", sport=39998),
        tcp(1.5, "client", "server", "SYN"),
        tcp(1.51, "server", "client", "SYN", "ACK"),
        tcp(1.52, "client", "server", "ACK"),
        Step(time=1.6, began=0.5, sentence="Start all three"),
        Typed(time=1.7, node="client", data=b"hi\x07 <b>\n"),
        Printed(time=1.7, node="client", data=b"hi\x07 <b>\r\n> "),
        tcp(1.71, "client", "server", "PSH", "ACK", payload=b"hi\x07 <b>"),
        packet(1.72, "server", GROUP, "udp", payload=b"[1] hi", sport=5000, dport=11000),
        Printed(time=1.73, node="member", data=b"\x1b[1L10.84.0.2 [1] hi\x07\r\n"),
        Fault(time=1.8, node="client", what="killed with SIGKILL"),
        tcp(1.81, "client", "server", "FIN", "ACK"),
        Exited(time=1.9, node="client", status=137),
        Step(time=2.0, began=1.65, sentence="Type a word; the client dies"),
        TapClosed(time=2.2, network="lab", received=14, dropped=0, canary=True),
    ]


def history(*more: AnyEvent) -> History:
    """Return the play as a history, with more events if given."""
    return History([*events(), *more])


NAMES = st.sampled_from([*ADDRESSES, "10.84.0.9"]) | st.text(max_size=12)
TIMES = st.floats(0, 1e6)
ENDS = st.sampled_from([*ADDRESSES.values(), GROUP, "224.0.0.22", "255.255.255.255", "fe80::1"]) | st.text(max_size=6)
PACKETS = st.builds(
    Packet,
    time=TIMES,
    network=st.just("lab"),
    number=st.integers(0, 99),
    length=st.just(60),
    protocol=st.sampled_from(["tcp", "udp", "igmp", "icmp", "arp", "ipv6", "0x88b5"]),
    src=st.none() | ENDS,
    dst=st.none() | ENDS,
    sport=st.none() | st.sampled_from([53, 9000, 40000]),
    dport=st.none() | st.sampled_from([53, 9000, 40000]),
    flags=st.lists(st.sampled_from(["SYN", "ACK", "FIN", "RST"]), unique=True).map(tuple),
    seq=st.none() | st.integers(0, 3),
    what=st.sampled_from(["", f"v3 report to-exclude {GROUP}", f"v2 leave {GROUP}", "type 3"]) | st.text(max_size=6),
    group=st.none() | st.sampled_from([GROUP, "224.0.0.251"]) | st.text(max_size=6),
    payload=st.binary(max_size=40),
)
COUNTS = st.integers(0, 99)
THREADS = st.builds(
    Thread,
    process=COUNTS,
    number=COUNTS,
    name=st.text(max_size=15),
    state=st.sampled_from(State),
    call=st.sampled_from(["", "recvfrom", "futex", "system call 999"]) | st.text(max_size=6),
    on=st.lists(st.builds(Descriptor, kind=st.sampled_from(Kind), peer=st.none() | ENDS), max_size=2).map(tuple),
    cpu=TIMES,
    voluntary=COUNTS,
    involuntary=COUNTS,
)
EVENTS = (
    PACKETS
    | st.builds(ThreadsSeen, time=TIMES, node=NAMES, threads=st.lists(THREADS, max_size=2).map(tuple))
    | st.builds(Started, time=TIMES, node=NAMES, role=NAMES, addresses=st.dictionaries(st.just("lab"), ENDS))
    | st.builds(Exited, time=TIMES, node=NAMES, status=st.integers(0, 255))
    | st.builds(Typed, time=TIMES, node=NAMES, data=st.binary(max_size=40))
    | st.builds(Printed, time=TIMES, node=NAMES, data=st.binary(max_size=40))
    | st.builds(Fault, time=TIMES, node=NAMES, what=st.text(max_size=20))
    | st.builds(
        Step, time=TIMES, began=TIMES, sentence=st.text(max_size=200), expected=st.none() | st.text(), got=st.text()
    )
)
FEW = settings(max_examples=25)
"""Histories a property test tries: the tests of this folder take less than two seconds in all."""

HISTORIES = st.lists(EVENTS, max_size=16).map(History)
