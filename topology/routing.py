"""Who routes: which router stands at a network's gateway address, who has which IPv6 address, and what cannot work.

    west 10.84.1.0/24 ── r1 ── backbone 10.84.2.0/24 ── r2 ── east 10.84.3.0/24
                    .1   .2 (of the engine)                .1

Where there are routers, the first one of a network with hosts takes its gateway address, to which the engine points
the hosts' default route. A file without a router keeps the engine's own gateways, and nothing here applies.
"""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from topology.expand import Draft
from topology.model import TopologyFile
from topology.source import Report

Given = Mapping[str, Mapping[str, IPv4Address]]  # node -> network -> address

_UNIQUE_LOCAL = 0xFD00  # RFC 4193
_U_BIT = 1 << 57  # of an interface identifier: 0 in a MAC means 1 here (RFC 4291, appendix A)


def subnet6(subnet: IPv4Network) -> IPv6Network:
    """Return the IPv6 subnet that goes with an IPv4 one: fd00:a54:100::/64 with 10.84.1.0/24."""
    return IPv6Network((_UNIQUE_LOCAL << 112 | int(subnet.network_address) << 80, 64))


def mac(address: IPv4Address) -> str:
    """Return the Ethernet address of a node: 02:42 and its IPv4 address, as the engine itself gives them out."""
    return "02:42:" + ":".join(f"{byte:02x}" for byte in address.packed)


def address6(subnet: IPv4Network, address: IPv4Address, *, router: bool) -> IPv6Address:
    """Return a node's IPv6 address: a router's is the short one; a host makes its own of its MAC (RFC 4862)."""
    prefix = subnet6(subnet)
    if router:
        return prefix[int(address) - int(subnet.network_address)]
    high, low = (0x0242 << 8 | address.packed[0]), int.from_bytes(address.packed[1:], "big")
    return prefix[(high << 40 | 0xFFFE << 24 | low) ^ _U_BIT]


def gateways(drafts: Mapping[str, Draft], given: Given) -> dict[str, str]:
    """Return the router that holds the gateway address of each network that has others than routers."""
    needed = {name for draft in drafts.values() if not draft.spec.role.forwards for name in given[draft.name]}
    found: dict[str, str] = {}
    for draft in drafts.values():
        if draft.spec.role.forwards:
            for network in needed & given[draft.name].keys():
                found.setdefault(network, draft.name)
    return found


def check(drafts: Mapping[str, Draft], given: Given, file: TopologyFile, report: Report) -> None:
    """Report routers that do not join all networks, and routing keys on nodes that do not route."""
    entries = _once_an_entry(drafts.values())
    for draft in entries:
        _check_keys(draft, report)
        if draft.spec.anycast is not None:
            _check_anycast(draft, draft.spec.anycast, file, report)
    routers = [draft for draft in entries if draft.spec.role.forwards]
    if not routers:
        _check_unrouted(entries, file, report)
    elif all(given[router.name] for router in routers):  # else a router's networks are wrong, and that is said
        for router in routers:
            if len(given[router.name]) == 1:
                on = next(iter(given[router.name]))
                report.add(
                    router.where,
                    f"{router.entry} is on {on} only, so it passes nothing on",
                    "put it on two networks or more",
                )
        _check_joined([given[router.name] for router in routers], file, report)


def _check_unrouted(entries: Iterable[Draft], file: TopologyFile, report: Report) -> None:
    for draft in entries:
        if draft.spec.role.speaks:
            report.add(draft.where, f"{draft.entry} has no router to speak with", "add a node with `role: router`")
    for name, network in file.networks.items():
        if network.ipv6:
            report.add(
                ("networks", name, "ipv6"),
                f"{name} has no router to advertise its IPv6 subnet",
                "add a node with `role: router`, or leave ipv6 out",
            )


def _check_joined(joints: list[Mapping[str, IPv4Address]], file: TopologyFile, report: Report) -> None:
    """Report networks that no routers lead to from where the first router is; `joints` are the networks of each."""
    reached = set(joints[0])
    while more := [networks for networks in joints if reached & networks.keys() and networks.keys() - reached]:
        reached.update(*more)
    for name in file.networks:
        if name not in reached:
            known = [other for other in file.networks if other in reached]
            report.add(
                ("networks", name),
                f"no router leads to {name} from {known[0]}",
                f"put a router on {name} that is on one of {', '.join(known)}, too",
            )


def _once_an_entry(drafts: Iterable[Draft]) -> list[Draft]:
    return list({draft.entry: draft for draft in drafts}.values())


def _check_keys(draft: Draft, report: Report) -> None:
    role, spec = draft.spec.role, draft.spec
    if spec.speaks is not None and not role.speaks:
        report.add(
            (*draft.where, "speaks"),
            f"{draft.entry} is {_a(role.name)}, which speaks with no router",
            "remove `speaks`",
        )
    if spec.anycast is not None and not role.has_anycast:
        report.add(
            (*draft.where, "anycast"),
            f"{draft.entry} is {_a(role.name)}, which has no anycast address",
            "remove it, or use role: anycast-server",
        )
    if spec.anycast is None and role.has_anycast:
        report.add(draft.where, f"{draft.entry} has no anycast address", "add `anycast: ADDRESS`")
    for protocol in spec.speaks or ():
        if role.speaks and protocol not in role.speaks:
            report.add(
                (*draft.where, "speaks"),
                f"{draft.entry} is {_a(role.name)}, which cannot speak {protocol}",
                f"choose from {', '.join(role.speaks)}",
            )
    for key, value in (("program", spec.program), ("args", spec.args)):
        if role.speaks and value:
            report.add(
                (*draft.where, key), f"{draft.entry} is {_a(role.name)}, whose program is FRR", f"remove `{key}`"
            )


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _check_anycast(draft: Draft, address: IPv4Address, file: TopologyFile, report: Report) -> None:
    where = (*draft.where, "anycast")
    inside = next((name for name, network in file.networks.items() if address in network.subnet), None)
    if address not in file.base or address in (file.base.network_address, file.base.broadcast_address):
        report.add(where, f"{address} of {draft.entry} is no host address of the base {file.base}", "take one inside")
    elif inside is not None:
        report.add(
            where,
            f"{address} of {draft.entry} lies in {inside}, where it would belong to one node",
            "take one of the base that is in no network",
        )
