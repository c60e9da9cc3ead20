"""One packet of a tap, as `tshark -T ek` dissected it.

We choose the fields and keep them as they are; nothing here reads a packet's bytes itself.
"""

import json
from collections.abc import Callable
from typing import Any

from lab.events import Packet

FIELDS = (
    "frame.number",
    "frame.time_epoch",
    "frame.len",
    "eth.src",
    "eth.dst",
    "eth.type",
    "arp.opcode",
    "arp.src.proto_ipv4",
    "arp.dst.proto_ipv4",
    "ip.src",
    "ip.dst",
    "ip.ttl",
    "ipv6.src",
    "ipv6.dst",
    "ipv6.hlim",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.flags",
    "tcp.seq_raw",
    "tcp.ack_raw",
    "tcp.payload",
    "udp.srcport",
    "udp.dstport",
    "udp.payload",
    "icmp.type",
    "igmp.version",
    "igmp.type",
    "igmp.record_type",
    "igmp.maddr",
    "data.data",
)
"""What tshark is asked for; names as in Wireshark's display filter reference."""

TCP_FLAGS = ((0x02, "SYN"), (0x01, "FIN"), (0x04, "RST"), (0x08, "PSH"), (0x10, "ACK"))
ARP_OPCODES = {1: "request", 2: "reply"}
IGMP_RECORDS = {1: "is-include", 2: "is-exclude", 3: "to-include", 4: "to-exclude", 5: "allow", 6: "block"}
IGMP_TYPES = {0x11: "query", 0x12: "report", 0x16: "report", 0x17: "leave", 0x22: "report"}


def parse(line: bytes, network: str) -> Packet | None:
    """Turn one line of `tshark -T ek -e FIELD...` into a Packet, or None for ek's index lines."""
    record = json.loads(line)
    if "layers" not in record:
        return None
    layers: dict[str, list[str]] = record["layers"]

    def first(field: str) -> str | None:
        return next(iter(each(field)), None)

    def each(field: str) -> list[str]:
        return layers.get(field.replace(".", "_"), [])

    def number(field: str) -> int | None:
        value = first(field)
        return None if value is None else int(value, 0)

    def raw(*fields: str) -> bytes:
        return next((bytes.fromhex(v.replace(":", "")) for f in fields if (v := first(f))), b"")

    # An ICMP error quotes the header that it complains of: two IP headers, and ports of a packet that is not this one.
    quotes = len(each("ip.src")) + len(each("ipv6.src")) > 1
    known: dict[str, Any] = {
        "time": float(first("frame.time_epoch") or 0),
        "network": network,
        "number": number("frame.number") or 0,
        "length": number("frame.len") or 0,
        "eth_src": first("eth.src") or "",
        "eth_dst": first("eth.dst") or "",
        "src": first("ip.src") or first("ipv6.src") or first("arp.src.proto_ipv4"),
        "dst": first("ip.dst") or first("ipv6.dst") or first("arp.dst.proto_ipv4"),
        "ttl": number("ip.ttl") if first("ip.ttl") else number("ipv6.hlim"),
        "payload": b"" if quotes else raw("tcp.payload", "udp.payload", "data.data"),
    }
    if first("tcp.srcport") and not quotes:
        flags = number("tcp.flags") or 0
        known |= {
            "protocol": "tcp",
            "sport": number("tcp.srcport"),
            "dport": number("tcp.dstport"),
            "flags": tuple(name for bit, name in TCP_FLAGS if flags & bit),
            "seq": number("tcp.seq_raw"),
            "ack": number("tcp.ack_raw"),
        }
    elif first("udp.srcport") and not quotes:
        known |= {"protocol": "udp", "sport": number("udp.srcport"), "dport": number("udp.dstport")}
    elif first("igmp.type"):
        known |= {"protocol": "igmp", "what": _igmp(first, each), "group": first("igmp.maddr")}
    elif first("icmp.type"):
        known |= {"protocol": "icmp", "what": f"type {first('icmp.type')}"}
    elif first("arp.opcode"):
        known |= {"protocol": "arp", "what": ARP_OPCODES.get(number("arp.opcode") or 0, "other")}
    elif first("ipv6.src"):
        known |= {"protocol": "ipv6"}
    else:
        known |= {"protocol": first("eth.type") or "unknown"}
    return Packet(**known)


def _igmp(first: Callable[[str], str | None], each: Callable[[str], list[str]]) -> str:
    """Name an IGMP message and all its groups (RFC 2236, RFC 3376).

    `v2 leave 224.1.1.1`; a v3 report may tell of several: `v3 report to-exclude 224.1.1.1, to-include 224.9.9.9`.
    """
    kind = int(first("igmp.type") or "0", 0)
    head = f"v{first('igmp.version')} {IGMP_TYPES.get(kind, f'type {kind}')}"
    records = [IGMP_RECORDS.get(int(record), f"record {record}") for record in each("igmp.record_type")]
    groups = each("igmp.maddr")
    if not records:
        return " ".join([head, *groups])
    return f"{head} " + ", ".join(f"{record} {group}" for record, group in zip(records, groups, strict=False))
