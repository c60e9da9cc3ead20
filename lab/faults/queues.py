"""Rate, delay, duplicates and another order, as queue disciplines of tc on a node's interfaces.

    out, all packets      eth0 ── netem ── tbf
    out, some to a PEER   eth0 ── htb ─┬─ class for the rest ── netem ── tbf
                                       └─ class for PEER ────── netem ── tbf      (a u32 filter finds its packets)
    in, all packets       eth0 ──(mirred)──► ifb ── netem ── tbf ──► on their way as if nothing had been

netem and tbf stand there only if a fault needs them. What comes in from one PEER is queued at PEER, on its way out.
The whole is built anew for each fault: a queue's words depend on all faults that go through it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import NamedTuple

from lab.faults.amounts import bits_per_second, microseconds, per_10000
from lab.faults.model import FaultKind, Way

OURS = "50cb"
"""The handle (hexadecimal) of every root queue discipline that is ours."""

IFB = "socklab-"
"""Begins the name of each device that incoming packets queue at."""

OPEN = "32gbit"
"""The rate of a class that limits nothing: more than a bridge carries."""

OVERTAKEN = "10ms"
"""How long packets take that others shall overtake, where no delay is wished for."""

MTU = 1514


@dataclass(frozen=True)
class Queue:
    """A fault of packets that leave a node, all or those to a `peer`; or of all that come in to it."""

    kind: FaultKind
    way: Way
    peer: str | None
    amount: str

    @property
    def name(self) -> str:
        """What tells it from others of that node."""
        return f"{self.kind}.{self.way}" + (f".{self.peer}" if self.peer else "")


class Command(NamedTuple):
    """Words for ip or tc, and the part of the kernel that they need."""

    words: tuple[str, ...]
    needs: str


Kinds = Mapping[FaultKind, str]
"""What the packets of one queue go through, and how much of it."""


def commands(device: str, faults: Sequence[Queue], addresses: Mapping[str, Sequence[str]]) -> Iterator[Command]:
    """Yield what puts these faults on a device that has none of ours; `addresses` are those of each peer."""
    leaving = [fault for fault in faults if fault.way is Way.OUT]
    whole = {fault.kind: fault.amount for fault in leaving if fault.peer is None}
    peers = sorted({fault.peer for fault in leaving if fault.peer is not None})
    if peers:
        own = {peer: {fault.kind: fault.amount for fault in leaving if fault.peer == peer} for peer in peers}
        yield from _classes(device, whole, {peer: whole | own[peer] for peer in peers}, addresses)
    elif whole:
        yield from _row(device, ("root",), f"{OURS}:", whole)
    if coming := {fault.kind: fault.amount for fault in faults if fault.way is Way.IN}:
        yield from _incoming(device, coming)


def _classes(
    device: str, whole: Kinds, peers: Mapping[str, Kinds], addresses: Mapping[str, Sequence[str]]
) -> Iterator[Command]:
    """Yield a class for each peer, and one for the rest if something becomes of it, too."""
    rest = ("default", "1") if whole else ()
    yield _tc("qdisc add dev", device, "root", "handle", f"{OURS}:", "htb", *rest)
    rows = {1: whole} if whole else {}
    rows |= dict(enumerate(peers.values(), 2))
    for number, kinds in rows.items():
        place = f"{OURS}:{number:x}"
        yield _tc("class add dev", device, "parent", f"{OURS}:", "classid", place, "htb",
                  "rate", OPEN, "quantum", "60000")  # fmt: skip
        yield from _row(device, ("parent", place), f"{0x5100 + number:x}:", kinds)
    for number, peer in enumerate(peers, 2):
        for address in addresses[peer]:
            version = ip_address(address).version
            protocol, field, bits = ("ip", "ip", 32) if version == 4 else ("ipv6", "ip6", 128)
            yield _tc("filter add dev", device, "parent", f"{OURS}:", "protocol", protocol, "prio", str(version),
                      "u32", "match", field, "dst", f"{address}/{bits}", "flowid", f"{OURS}:{number:x}",
                      needs="cls_u32")  # fmt: skip


def _incoming(device: str, kinds: Kinds) -> Iterator[Command]:
    """Yield a device of its own for what comes in, since only what goes out of one can be queued."""
    through = f"{IFB}{device}"
    yield Command(("ip", "link", "add", "name", through, "type", "ifb"), "ifb")
    yield Command(("ip", "link", "set", "dev", through, "up"), "ifb")
    yield from _row(through, ("root",), f"{OURS}:", kinds)
    yield _tc("qdisc add dev", device, "handle", "ffff:", "ingress", needs="sch_ingress")
    yield _tc("filter add dev", device, "parent", "ffff:", "protocol", "all", "prio", "1", "u32", "match", "u32",
              "0", "0", "action", "mirred", "egress", "redirect", "dev", through, needs="act_mirred")  # fmt: skip


def _row(device: str, where: tuple[str, ...], handle: str, kinds: Kinds) -> Iterator[Command]:
    """Yield netem and, behind it, tbf: those of them that are needed."""
    if late := _netem(kinds):
        yield _tc("qdisc add dev", device, *where, "handle", handle, "netem", *late, needs="sch_netem")
        where, handle = ("parent", f"{handle}1"), f"{int(handle[:-1], 16) + 0x100:x}:"
    if FaultKind.RATE in kinds:
        rate = bits_per_second(kinds[FaultKind.RATE])
        yield _tc("qdisc add dev", device, *where, "handle", handle, "tbf", "rate", f"{rate}bit",
                  "burst", f"{burst(rate)}b", "limit", f"{limit(rate)}b", needs="sch_tbf")  # fmt: skip


def _netem(kinds: Kinds) -> tuple[str, ...]:
    """Return what netem is told, nothing where it is not needed. It can put in another order only what is delayed."""
    words: list[str] = []
    reorder = kinds.get(FaultKind.REORDER)
    if delay := kinds.get(FaultKind.DELAY, OVERTAKEN if reorder else None):
        mean, jitter = microseconds(delay)
        words += ["delay", f"{mean}us", *([f"{jitter}us"] if jitter else [])]
    if reorder:
        words += ["reorder", _percent(reorder)]
    if duplicate := kinds.get(FaultKind.DUPLICATE):
        words += ["duplicate", _percent(duplicate)]
    return tuple(words)


def _percent(amount: str) -> str:
    return f"{per_10000(amount) / 100:g}%"


def burst(rate: int) -> int:
    """Return how many bytes may go at once: what comes between two ticks of a slow clock (100 Hz), and two packets."""
    return max(rate // 8 // 100, 2 * MTU)


def limit(rate: int) -> int:
    """Return how many bytes may wait: those of 200 ms, and 16 packets at least, else TCP gets nowhere."""
    return max(rate // 8 // 5, 16 * MTU) + burst(rate)


def _tc(verb: str, device: str, *words: str, needs: str = "sch_htb") -> Command:
    return Command(("tc", *verb.split(), device, *words), needs)
