"""Packets as people speak of them: what they are called, between whom they go, and which of them nobody came to see."""

import ipaddress
import re

from lab.connections import End
from lab.events import Packet
from lab.history import History
from lab.switching.switched import USERS, Kind, switched
from lab.visible import excerpt, visible

MEMBERSHIP = ("igmp", "mld")
"""The protocols in which hosts say which groups they want, for IPv4 and for IPv6."""

JOINING = {"report", "is-exclude", "to-exclude", "is-include", "allow"}
LEAVING = {"leave", "done", "to-include", "block"}
"""How IGMP and MLD say that a host wants a group, and that it goes: the messages of the older versions, and the record
types of IGMPv3 and MLDv2 (RFC 2236, 3376, 2710, 3810). Lists of sources are not looked at."""

RECORD = re.compile(r"([a-z-]+) ([0-9a-f.:]+)(?=,|$)")
"""One record in the words of `lab.dissect`: `to-exclude 224.1.1.1`."""

NEIGHBOURLY = {
    "router solicitation", "router advertisement", "neighbour solicitation", "neighbour advertisement",
}  # fmt: skip
"""How IPv6 finds routers and neighbours (RFC 4861)."""

DNS = {53, 5353}
BFD = {3784, 4784}

SWITCHES_TALK = {Kind.VECTOR: "distance vectors", Kind.KEEP: "keep-alives"}
"""What packet switches and their hosts say all the time."""

LOCAL_GROUPS = ("224.0.0.", "ff01:", "ff02:")
"""Groups that hosts and bridges use among themselves, and never leave a network (RFC 5771, 4; RFC 4291, 2.7)."""

ROUTER_GROUPS = {"224.0.1.39", "224.0.1.40", "ff05::2"}
"""Groups of routers among themselves that may leave a network: those of Auto-RP, and all routers of a site."""


def mac_of(group: str) -> str:
    """Return the Ethernet address of a group: 23 bits of an IPv4 address, 32 of an IPv6 address (RFC 1112, RFC 2464).

    `224.1.1.1` and `225.129.1.1`: 01:00:5e:01:01:01; `ff15::1`: 33:33:00:00:00:01.
    """
    address = ipaddress.ip_address(group)
    mac = 0x01005E << 24 | int(address) & 0x7FFFFF if address.version == 4 else 0x3333 << 32 | int(address) & 0xFFFFFFFF
    return ":".join(f"{byte:02x}" for byte in mac.to_bytes(6, "big"))


def solicited_node(address: str) -> str:
    """Return the group in which the owner of an IPv6 address is asked for: ff02::1:ff and 24 bits (RFC 4291, 2.7.1)."""
    low = int(ipaddress.IPv6Address(address)) & 0xFFFFFF
    return str(ipaddress.IPv6Address(int(ipaddress.IPv6Address("ff02::1:ff00:0")) | low))


def memberships(packet: Packet) -> dict[str, bool]:
    """Return the groups of an IGMP or MLD message: True where its sender wants one, False where it goes.

    A query has none.
    """
    records = RECORD.findall(packet.what) if packet.protocol in MEMBERSHIP else []
    return {group: how in JOINING for how, group in records if how in JOINING | LEAVING}


def joins_group(packet: Packet, group: str | None = None) -> bool:
    """Return whether an IGMP or MLD message says that its sender wants a group (or the one that `ends` names)."""
    return memberships(packet).get(group or _subject(packet)) is True


def leaves_group(packet: Packet, group: str | None = None) -> bool:
    """Return whether an IGMP or MLD message takes its sender out of a group (or of the one that `ends` names)."""
    return memberships(packet).get(group or _subject(packet)) is False


def _subject(packet: Packet) -> str:
    """Return the group that an IGMP or MLD message is about: of several the first that hosts are in by choice."""
    groups = [*memberships(packet), packet.group or ""]
    return next((group for group in groups if not _is_kept(group)), groups[0])


def _is_kept(group: str) -> bool:
    """Return whether hosts and routers are in a group without anybody's asking."""
    return group.startswith(LOCAL_GROUPS) or group in ROUTER_GROUPS


def name_of(packet: Packet) -> str:
    """Name a packet's protocol and, for the small protocols, its message: `TCP`, `IGMP join`, `ICMP unreachable: port`.

    A report about several groups names them: `IGMP join 224.9.9.9, leave 224.1.1.1`.
    """
    name = "ICMPv6" if packet.protocol == "icmpv6" else packet.protocol.upper()
    if known := memberships(packet):
        said = [("join" if wanted else "leave", group) for group, wanted in known.items()]
        return f"{name} " + (said[0][0] if len(said) == 1 else ", ".join(map(" ".join, said)))
    return f"{name} {packet.what}".strip()


def label(packet: Packet) -> str:
    """Say what a message is: protocol, flags or port, bytes, and its text if it is one.

    A packet of packet switches is named in their own words: `datagram h1 to h2 #3 27 B "hey"`.
    """
    if read := switched(packet):
        text = (excerpt(read.payload) if read.payload and read.kind in USERS else None) or ""
        return visible(f"{read.words} {read.length} B {text}".rstrip())
    words = [name_of(packet), *packet.flags]
    if packet.protocol == "udp" or packet.flags == ("SYN",):
        words.append(f":{packet.dport}")
    if packet.target:
        words.append(packet.target)
    if packet.payload:
        words.append(f"{len(packet.payload)} B")
        if packet.protocol in ("tcp", "udp"):
            words += filter(None, [excerpt(packet.payload)])
    return visible(" ".join(words))


def ends(packet: Packet, names: dict[str, str]) -> tuple[str, str]:
    """Name the columns that a message goes from and to."""
    source, target = packet.src or "", packet.dst or ""
    if packet.protocol in MEMBERSHIP:  # a report travels to 224.0.0.22 or ff02::16, but is about its group
        target = _subject(packet) or target
    return names.get(source, source), names.get(target, target)


def is_group(address: str) -> bool:
    """Return whether this is the address of a multicast group."""
    try:
        return ipaddress.ip_address(address).is_multicast
    except ValueError:
        return False


def noise(packet: Packet) -> str | None:
    """Say as what a packet is left out where people look at the whole, or return None if it is to be shown."""
    if packet.protocol == "arp":
        return "ARP"
    if packet.protocol == "fragment":
        return "IP fragments"
    if read := switched(packet):
        return SWITCHES_TALK.get(read.kind)
    if packet.protocol == "ipv6" or (packet.protocol == "icmpv6" and packet.what in NEIGHBOURLY):
        return "neighbour discovery" if packet.what.startswith("neighbour") else "IPv6 housekeeping"
    if packet.src is None or packet.dst is None:
        return "frames without IP"
    if packet.protocol == "tcp" and packet.flags == ("ACK",) and not packet.payload:
        return "pure ACKs"
    if packet.protocol == "udp" and {packet.sport, packet.dport} & DNS:
        return "DNS"
    if packet.protocol in MEMBERSHIP and _is_kept(_subject(packet) or LOCAL_GROUPS[0]):
        return "IGMP housekeeping" if packet.protocol == "igmp" else "IPv6 housekeeping"
    if (packet.protocol, packet.what) == ("pim", "hello") or (packet.protocol == "udp" and packet.dport in BFD):
        return "routers' hellos"
    return "OSPF" if packet.protocol == "ospf" else None


def refused_again(history: History) -> set[int]:
    """Return the packets (by their id()) of calls that were refused like the one before them by the same caller."""
    packets: set[int] = set()
    refused: dict[tuple[str, str, End], bool] = {}
    for connection in history.connections:
        call = connection.network, connection.client[0], connection.server
        if connection.refused and refused.get(call):
            packets |= set(map(id, connection.packets))
        refused[call] = connection.refused
    return packets
