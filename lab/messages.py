"""What the small protocols say, in words: ICMP, ICMPv6, IGMP, MLD, OSPF, PIM.

The numbers are those of the RFCs that are named beside them, the words those of the field. What is not known here keeps
its number: `type 13`.
"""

from lab.layers import Layers

ARP = {1: "request", 2: "reply"}
ICMP = {0: "echo reply", 3: "unreachable", 5: "redirect", 8: "echo request", 11: "time exceeded"}  # RFC 792
ICMPV6 = {
    1: "unreachable", 2: "packet too big", 3: "time exceeded", 128: "echo request", 129: "echo reply",  # RFC 4443
    133: "router solicitation", 134: "router advertisement",  # RFC 4861
    135: "neighbour solicitation", 136: "neighbour advertisement", 137: "redirect",
}  # fmt: skip
UNREACHABLE = {0: "network", 1: "host", 2: "protocol", 3: "port", 4: "fragmentation needed",
               9: "prohibited", 10: "prohibited", 13: "prohibited"}  # fmt: skip
"""Why, in the words of RFC 792 and RFC 1812."""
UNREACHABLE6 = {0: "no route", 1: "prohibited", 3: "address", 4: "port"}
"""Why, in the words of RFC 4443."""
IGMP = {0x11: "query", 0x12: "report", 0x16: "report", 0x17: "leave", 0x22: "report"}  # RFC 1112, 2236, 3376
MLD = {130: "query", 131: "report", 132: "done", 143: "report"}  # RFC 2710, 3810
RECORDS = {1: "is-include", 2: "is-exclude", 3: "to-include", 4: "to-exclude", 5: "allow", 6: "block"}
"""What a report of IGMPv3 or MLDv2 says of a group."""
OSPF = {
    1: "hello",
    2: "database description",
    3: "link state request",
    4: "link state update",
    5: "link state acknowledgement",
}  # RFC 2328; fmt: skip
PIM = {
    0: "hello",
    1: "register",
    2: "register-stop",
    3: "join/prune",
    4: "bootstrap",
    5: "assert",
    6: "graft",
    7: "graft-ack",
    8: "candidate-rp-advertisement",
}  # RFC 7761; fmt: skip

ANY = ("0.0.0.0", "::")
"""The group of a general query: all of them."""


def numbered(names: dict[int, str], kind: int | None) -> str:
    """Return a message's name, or its number."""
    return names.get(kind or 0, f"type {kind}")


def icmp(layers: Layers) -> str:
    """Name an ICMP message: `echo request`, `unreachable: port`."""
    return _icmp(ICMP, UNREACHABLE, layers.number("icmp.type"), layers.number("icmp.code"))


def icmpv6(layers: Layers) -> str:
    """Name an ICMPv6 message: `echo request`, `unreachable: port`, `neighbour solicitation`."""
    return _icmp(ICMPV6, UNREACHABLE6, layers.number("icmpv6.type"), layers.number("icmpv6.code"))


def _icmp(names: dict[int, str], reasons: dict[int, str], kind: int | None, code: int | None) -> str:
    name = numbered(names, kind)
    if name == "unreachable" and code is not None:
        return f"{name}: {reasons.get(code, f'code {code}')}"
    return f"{name}: reassembly" if name == "time exceeded" and code else name


def igmp(layers: Layers) -> tuple[str, str | None]:
    """Name an IGMP message with all its groups, and the first of them.

    `v2 leave 224.1.1.1`; a v3 report may tell of several: `v3 report to-exclude 224.1.1.1, to-include 224.9.9.9`.
    """
    head = f"v{layers.first('igmp.version')} {numbered(IGMP, layers.number('igmp.type'))}"
    return _about(head, layers.each("igmp.record_type"), layers.each("igmp.maddr"))


def is_mld(layers: Layers) -> bool:
    """Tell whether an ICMPv6 message is one of MLD, which is to IPv6 what IGMP is to IPv4."""
    return layers.number("icmpv6.type") in MLD


def mld(layers: Layers) -> tuple[str, str | None]:
    """Name an MLD message like one of IGMP: `v1 done ff15::1`, `v2 report to-exclude ff15::1`."""
    kind = layers.number("icmpv6.type") or 0
    version = 2 if kind == 143 or layers.first("icmpv6.mld.qqi") else 1  # the short query is of version 1
    groups = layers.each("icmpv6.mldr.mar.multicast_address") or layers.each("icmpv6.mld.multicast_address")
    return _about(f"v{version} {MLD[kind]}", layers.each("icmpv6.mldr.mar.record_type"), groups)


def _about(head: str, records: list[str], groups: list[str]) -> tuple[str, str | None]:
    groups = [group for group in groups if group not in ANY]
    group = next(iter(groups), None)
    if not records:
        return " ".join([head, *groups]), group
    told = [RECORDS.get(int(record, 0), f"record {record}") for record in records]
    return f"{head} " + ", ".join(map(" ".join, zip(told, groups, strict=False))), group
