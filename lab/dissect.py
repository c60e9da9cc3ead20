"""One packet of a tap, as `tshark -T ek` dissected it.

We choose the fields and keep them as they are; nothing here reads a packet's bytes itself. What the small protocols
say is put into words in messages.py.

What was too long for one frame comes as several IP fragments. tshark puts them together, and shows what they carry
with the one that came last: that one is a Packet like others, with the whole payload. The others are `fragment`s, and
so are all of a packet that never became whole.
"""

import json
from typing import Any

from lab import messages
from lab.events import Packet
from lab.layers import Layers

FIELDS = (
    "frame.number",
    "frame.time_epoch",
    "frame.len",
    "frame.protocols",
    "eth.src",
    "eth.dst",
    "eth.type",
    "arp.opcode",
    "arp.src.proto_ipv4",
    "arp.dst.proto_ipv4",
    "ip.src",
    "ip.dst",
    "ip.ttl",
    "ip.flags.mf",
    "ip.frag_offset",
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
    "icmp.code",
    "icmp.seq",
    "icmpv6.type",
    "icmpv6.code",
    "icmpv6.echo.sequence_number",
    "icmpv6.nd.ns.target_address",
    "icmpv6.nd.na.target_address",
    "icmpv6.mld.qqi",
    "icmpv6.mld.multicast_address",
    "icmpv6.mldr.mar.record_type",
    "icmpv6.mldr.mar.multicast_address",
    "igmp.version",
    "igmp.type",
    "igmp.record_type",
    "igmp.maddr",
    "ospf.msg",
    "pim.type",
    "data.data",
)
"""What tshark is asked for; names as in Wireshark's display filter reference."""

TCP_FLAGS = ((0x02, "SYN"), (0x01, "FIN"), (0x04, "RST"), (0x08, "PSH"), (0x10, "ACK"))


def parse(line: bytes, network: str) -> Packet | None:
    """Turn one line of `tshark -T ek -e FIELD...` into a Packet, or None for ek's index lines."""
    record = json.loads(line)
    if "layers" not in record:
        return None
    layers = Layers(record["layers"])
    return Packet(
        time=float(layers.first("frame.time_epoch") or 0),
        network=network,
        number=layers.number("frame.number") or 0,
        length=layers.number("frame.len") or 0,
        eth_src=layers.first("eth.src") or "",
        eth_dst=layers.first("eth.dst") or "",
        src=layers.first("ip.src", "ipv6.src", "arp.src.proto_ipv4"),
        dst=layers.first("ip.dst", "ipv6.dst", "arp.dst.proto_ipv4"),
        ttl=layers.number("ip.ttl", "ipv6.hlim"),
        payload=b"" if layers.nested or layers.is_fragment else layers.bytes("tcp.payload", "udp.payload", "data.data"),
        **_message(layers),
    )


def _message(layers: Layers) -> dict[str, Any]:
    """Return the fields of a Packet that its protocol has."""
    if layers.is_fragment:
        return {"protocol": "fragment"}
    match protocol := layers.carried:
        case "tcp":
            flags = layers.number("tcp.flags") or 0
            return {
                "protocol": protocol,
                "sport": layers.number("tcp.srcport"),
                "dport": layers.number("tcp.dstport"),
                "flags": tuple(name for bit, name in TCP_FLAGS if flags & bit),
                "seq": layers.number("tcp.seq_raw"),
                "ack": layers.number("tcp.ack_raw"),
            }
        case "udp":
            ports = {"sport": layers.number("udp.srcport"), "dport": layers.number("udp.dstport")}
            return {"protocol": protocol, **ports}
        case "igmp":
            what, group = messages.igmp(layers)
            return {"protocol": protocol, "what": what, "group": group}
        case "icmp":
            return _icmp(protocol, messages.icmp(layers), layers.number("icmp.seq"))
        case "icmpv6" if messages.is_mld(layers):
            what, group = messages.mld(layers)
            return {"protocol": "mld", "what": what, "group": group}
        case "icmpv6":
            target = layers.first("icmpv6.nd.ns.target_address", "icmpv6.nd.na.target_address")
            told = _icmp(protocol, messages.icmpv6(layers), layers.number("icmpv6.echo.sequence_number"))
            return {**told, "target": target}
        case "ospf":
            return {"protocol": protocol, "what": messages.numbered(messages.OSPF, layers.number("ospf.msg"))}
        case "pim":
            return {"protocol": protocol, "what": messages.numbered(messages.PIM, layers.number("pim.type"))}
        case "arp":
            return {"protocol": protocol, "what": messages.ARP.get(layers.number("arp.opcode") or 0, "other")}
    return {"protocol": "ipv6" if layers.first("ipv6.src") else layers.first("eth.type") or "unknown"}


def _icmp(protocol: str, what: str, seq: int | None) -> dict[str, Any]:
    # An error may quote an echo request, whose number is not the error's.
    return {"protocol": protocol, "what": what, "seq": seq if what.startswith("echo ") else None}
