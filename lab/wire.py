"""Packets as people speak of them: what they are called, between whom they go, and which of them nobody came to see."""

import ipaddress
import re

from lab.connections import End
from lab.events import Packet
from lab.history import History
from lab.visible import excerpt, visible

ICMP = {"type 0": "echo reply", "type 3": "unreachable", "type 8": "echo request", "type 11": "time exceeded"}
"""The ICMP messages that a lab sees (RFC 792)."""

JOINING = {"report", "is-exclude", "to-exclude", "is-include", "allow"}
LEAVING = {"leave", "to-include", "block"}
"""How IGMP says that a host wants a group, and that it goes: the messages of versions 1 and 2, and the record types of
version 3 (RFC 2236, RFC 3376). Lists of sources are not looked at."""

RECORD = re.compile(r"([a-z-]+) ([0-9.]+)(?=,|$)")
"""One record in the words of `lab.dissect`: `to-exclude 224.1.1.1`."""

DNS = {53, 5353}

LOCAL_GROUPS = "224.0.0."
"""Groups that hosts and bridges use among themselves, and never leave a network (RFC 5771, section 4)."""


def memberships(packet: Packet) -> dict[str, bool]:
    """Return the groups of an IGMP message: True where its sender wants one, False where it goes. A query has none."""
    records = RECORD.findall(packet.what) if packet.protocol == "igmp" else []
    return {group: how in JOINING for how, group in records if how in JOINING | LEAVING}


def joins_group(packet: Packet, group: str | None = None) -> bool:
    """Return whether an IGMP message says that its sender wants a group (or the one that `ends` names)."""
    return memberships(packet).get(group or _subject(packet)) is True


def leaves_group(packet: Packet, group: str | None = None) -> bool:
    """Return whether an IGMP message takes its sender out of a group (or of the one that `ends` names)."""
    return memberships(packet).get(group or _subject(packet)) is False


def _subject(packet: Packet) -> str:
    """Return the group that an IGMP message is about: of several the first that is not a local one."""
    groups = [*memberships(packet), packet.group or ""]
    return next((group for group in groups if not group.startswith(LOCAL_GROUPS)), groups[0])


def name_of(packet: Packet) -> str:
    """Name a packet's protocol and, for the small protocols, its message: `TCP`, `IGMP join`, `ICMP unreachable`.

    A report about several groups names them: `IGMP join 224.9.9.9, leave 224.1.1.1`.
    """
    if known := memberships(packet):
        said = [("join" if wanted else "leave", group) for group, wanted in known.items()]
        return f"IGMP {said[0][0]}" if len(said) == 1 else "IGMP " + ", ".join(map(" ".join, said))
    if packet.protocol == "icmp":
        return f"ICMP {ICMP.get(packet.what, packet.what)}"
    return f"{packet.protocol.upper()} {packet.what}".strip()


def label(packet: Packet) -> str:
    """Say what a message is: protocol, flags or port, bytes, and its text if it is one."""
    words = [name_of(packet), *packet.flags]
    if packet.protocol == "udp" or packet.flags == ("SYN",):
        words.append(f":{packet.dport}")
    if packet.payload:
        words.append(f"{len(packet.payload)} B")
        if packet.protocol in ("tcp", "udp"):
            words += filter(None, [excerpt(packet.payload)])
    return visible(" ".join(words))


def ends(packet: Packet, names: dict[str, str]) -> tuple[str, str]:
    """Name the columns that a message goes from and to."""
    source, target = packet.src or "", packet.dst or ""
    if packet.protocol == "igmp":  # a report travels to 224.0.0.22, but is about its group
        target = _subject(packet) or target
    return names.get(source, source), names.get(target, target)


def is_group(address: str) -> bool:
    """Return whether this is the address of a multicast group."""
    try:
        return ipaddress.ip_address(address).is_multicast
    except ValueError:
        return False


def noise(packet: Packet) -> str | None:
    """Say as what a packet is left out, or return None if it is to be shown."""
    if packet.protocol == "arp":
        return "ARP"
    if packet.protocol == "ipv6":
        return "IPv6 housekeeping"
    if packet.src is None or packet.dst is None:
        return "frames without IP"
    if packet.protocol == "tcp" and packet.flags == ("ACK",) and not packet.payload:
        return "pure ACKs"
    if packet.protocol == "udp" and {packet.sport, packet.dport} & DNS:
        return "DNS"
    if packet.protocol == "igmp" and (_subject(packet) or LOCAL_GROUPS).startswith(LOCAL_GROUPS):
        return "IGMP housekeeping"
    return None


def refused_again(history: History) -> set[int]:
    """Return the packets (by their id()) of calls that were refused like the one before them by the same caller."""
    packets: set[int] = set()
    refused: dict[tuple[str, End], bool] = {}
    for connection in history.connections:
        call = connection.client[0], connection.server
        if connection.refused and refused.get(call):
            packets |= set(map(id, connection.packets))
        refused[call] = connection.refused
    return packets
