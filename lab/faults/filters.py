"""Loss, as rules of nftables. Each fault is a table of its own in the node's kernel, and its name says which.

    comes in    a chain where packets come in, before anything else is done with them: dropped
    goes out    a chain at the door of each interface: sent to an Ethernet address that nobody has

A packet that is dropped on its way out would be known to its sender: a program is told EPERM or ENOBUFS, and TCP takes
it for a queue of its own that is full, and does not count it as lost. One that nobody takes is lost as on a wire. So
the taps show every packet that is lost, either way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

PREFIX = "socklab."
"""Begins the name of every table that is ours."""

NOBODY = "02:00:00:00:00:00"
"""An Ethernet address, locally administered, that no node has: the engine's begin with 02:42, or are random."""

ALL = 10_000


@dataclass(frozen=True)
class Filter:
    """What is lost at one node: `share` of ten thousand packets that `match` (nft expressions; "" is every packet).

    `name` tells it from others of that node. Packets that come in, unless it is `leaving`. `hook` is where they are
    looked at: at `input`, an IP packet that came in fragments is whole again.
    """

    name: str
    match: tuple[str, ...] = ("",)
    share: int = ALL
    leaving: bool = False
    hook: str = "prerouting"

    @property
    def table(self) -> str:
        """Family and name of its table."""
        return f"{'netdev' if self.leaving else 'inet'} {PREFIX}{self.name}"


def rules(what: Filter, devices: Sequence[str]) -> str:
    """Return what nft reads: this fault in place of the one of that name, in one transaction."""
    chance = "" if what.share == ALL else f"numgen random mod {ALL} < {what.share} "
    verdict = f"ether daddr set {NOBODY}" if what.leaving else "drop"
    lines = [f"    {' '.join(f'{match} {chance}{verdict}'.split())}" for match in what.match]
    if what.leaving:
        heads = [f"type filter hook egress device {device} priority 0" for device in devices]
        chains = [_chain(f"outgoing-{device}", head, lines) for device, head in zip(devices, heads, strict=True)]
    else:
        priority = "filter" if what.hook == "input" else "raw"
        lines.insert(0, "    iifname lo accept")
        chains = [_chain("incoming", f"type filter hook {what.hook} priority {priority}", lines)]
    return f"add table {what.table}\n{gone(what.table)}table {what.table} {{\n{''.join(chains)}}}\n"


def gone(table: str) -> str:
    """Return what nft reads to be rid of a table that is there."""
    return f"delete table {table}\n"


def note(name: str, amount: str) -> str:
    """Return what nft reads: a table that does nothing, and only says of a queue how much it is."""
    table = f"inet {PREFIX}{name}"
    chain = _chain("amount", f'counter comment "{amount}"', ())
    return f"add table {table}\n{gone(table)}table {table} {{\n{chain}}}\n"


def _chain(name: str, head: str, lines: Sequence[str]) -> str:
    return f"  chain {name} {{\n    {head}\n" + "".join(f"{line}\n" for line in lines) + "  }\n"


def from_addresses(addresses: Sequence[str]) -> tuple[str, ...]:
    """Return what matches packets that come from one of these addresses: an expression for each version of IP."""
    sets = {"ip": [a for a in addresses if ip_address(a).version == 4],
            "ip6": [a for a in addresses if ip_address(a).version == 6]}  # fmt: skip
    return tuple(f"{family} saddr {{ {', '.join(found)} }}" for family, found in sets.items() if found)


ANY_IP = ("meta protocol { ip, ip6 }",)
"""Matches what nodes say to each other, and not the ARP by which they find each other."""
