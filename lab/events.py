"""What can happen in a lab: the typed events of a history.

    what the lab was     Started (node, role, addresses), TapClosed (packets received, dropped, canary seen), LabFailed
    what people did      Typed, Step, Fault
    what programs did    Printed, Exited, ThreadsSeen, ResourcesSeen
    what the wire bore   Packet; and, worked out from packets, Connected and Closed

Times are seconds since the epoch (UTC), of the one clock that engine, taps and harness share. In JSON, bytes stand as
Latin-1 text: every byte is one character, so nothing is lost and ASCII stays readable.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, TypeAdapter

from lab.threads.model import Thread


def _to_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("latin-1")


Bytes = Annotated[
    bytes,
    PlainValidator(_to_bytes),
    PlainSerializer(lambda value: value.decode("latin-1"), return_type=str, when_used="json"),
]


class Event(BaseModel):
    """Something that happened at one time."""

    # Checks are built when first used: `make up` uses none, and would take a tenth of a second longer.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, allow_inf_nan=False)
    time: float


class Started(Event):
    """A node's program was started. `addresses` maps each of its networks to its IPv4 address.

    `others` maps each further address to its network: IPv6 addresses, a router's as a gateway, anycast addresses.
    """

    kind: Literal["started"] = "started"
    node: str
    role: str
    addresses: dict[str, str]
    others: dict[str, str] = {}


class Exited(Event):
    """A node's program ended, with its exit status."""

    kind: Literal["exited"] = "exited"
    node: str
    status: int


class Typed(Event):
    """A person (or a play) typed on a node's terminal."""

    kind: Literal["typed"] = "typed"
    node: str
    data: Bytes


class Printed(Event):
    """A node's terminal showed these bytes: the program's output and the echo of what was typed.

    `start` tells which start of the program by the play it is of, from 1 on; 0 if of none, or not known. The engine may
    tell of that start when the program has printed something already.
    """

    kind: Literal["printed"] = "printed"
    node: str
    data: Bytes
    start: int = 0


class ThreadsSeen(Event):
    """The threads of a node's program, as its system had them when a play looked; none if it does not run."""

    kind: Literal["threads_seen"] = "threads_seen"
    node: str
    threads: tuple[Thread, ...]


class ResourcesSeen(Event):
    """What a node's program held, as its system had it when a play looked: `memory` is in bytes (see resources.py).

    `sockets` are among the `descriptors`. A program that does not run holds nothing.
    """

    kind: Literal["resources_seen"] = "resources_seen"
    node: str
    threads: int
    descriptors: int
    sockets: int
    memory: int


class Step(Event):
    """A step of the play ended: in words, and, if it did not work, what was expected and what came."""

    kind: Literal["step"] = "step"
    began: float
    sentence: str
    expected: str | None = None
    got: str | None = None

    @property
    def worked(self) -> bool:
        """True if nothing that the step waited for failed to come."""
        return self.expected is None


class LabFailed(Event):
    """The lab itself failed while it was played in: what the history shows is not the whole."""

    kind: Literal["lab_failed"] = "lab_failed"
    what: str


class Fault(Event):
    """Something was broken, or healed, on purpose: from `began` on where that took a while, and for sure at `time`.

    `link` names the link that it happened to, as in `c-e`.
    """

    kind: Literal["fault"] = "fault"
    node: str
    what: str
    began: float | None = None
    link: str | None = None


class TapClosed(Event):
    """A tap was closed: packets it received, packets it lost, and whether it saw its last canary packet."""

    kind: Literal["tap_closed"] = "tap_closed"
    network: str
    received: int
    dropped: int
    canary: bool


class Packet(Event):
    """One frame on a network. `number` counts from 1 in that network's pcapng file.

    `protocol` is tcp, udp, icmp, icmpv6, igmp, mld, ospf, pim, arp, ipv6, fragment (of an IP packet that this one does
    not make whole) or the EtherType; `what` names the message of the small protocols, `group` the first that an IGMP or
    MLD message is about, `target` the IPv6 address that a neighbour solicitation or advertisement is about (for ARP,
    that is `dst`).
    `payload` is what TCP, UDP or an echo carries, whole where it came in fragments. `seq` and `ack` are the raw numbers
    of the TCP header (RFC 9293); an echo request or reply has its sequence number as `seq`.
    """

    kind: Literal["packet"] = "packet"
    network: str
    number: int
    length: int
    protocol: str
    eth_src: str = ""
    eth_dst: str = ""
    src: str | None = None
    dst: str | None = None
    ttl: int | None = None
    sport: int | None = None
    dport: int | None = None
    flags: tuple[str, ...] = ()
    seq: int | None = None
    ack: int | None = None
    what: str = ""
    group: str | None = None
    target: str | None = None
    payload: Bytes = b""


class Connected(Event):
    """A TCP handshake was completed by packet `number`: `src`:`sport` dialed `dst`:`dport`."""

    kind: Literal["connected"] = "connected"
    network: str
    number: int
    src: str
    sport: int
    dst: str
    dport: int


class Closed(Event):
    """A TCP connection ended with packet `number`: the second FIN, or a RST. Ends named as in Connected."""

    kind: Literal["closed"] = "closed"
    network: str
    number: int
    src: str
    sport: int
    dst: str
    dport: int
    how: Literal["FIN", "RST"]


AnyEvent = Annotated[
    Started
    | Exited
    | Typed
    | Printed
    | ThreadsSeen
    | ResourcesSeen
    | Step
    | LabFailed
    | Fault
    | TapClosed
    | Packet
    | Connected
    | Closed,
    Field(discriminator="kind"),
]
parse_event: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent, config=ConfigDict(defer_build=True))
