"""Who gets which address.

    network  .0     gateway  .1     nodes  .2, .3, ... in the order of the file     broadcast  last

A fixed address is taken first; the others get the lowest that is free, so a lab's addresses stay the same.
All is worked out as the file has it; moving a lab to another base is one shift at the very end.
"""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations

from topology.expand import Draft
from topology.fields import subnet
from topology.model import TopologyFile
from topology.source import Report, Where

_FIRST_NODE = 2  # 0 is the network, 1 the gateway


def check_subnets(file: TopologyFile, report: Report) -> None:
    """Check that the subnets lie in the base and apart from each other, and have room for a node."""
    for name, network in file.networks.items():
        where = ("networks", name, "subnet")
        if not network.subnet.subnet_of(file.base):
            report.add(where, f"{name} ({network.subnet}) lies outside the base {file.base}", "move it inside")
        if network.subnet.num_addresses <= _FIRST_NODE + 1:
            report.add(where, f"{name} ({network.subnet}) has no room for a node", "take a /29 or larger")
    for (one, first), (other, second) in combinations(file.networks.items(), 2):
        if first.subnet.overlaps(second.subnet):
            report.add(
                ("networks", other, "subnet"),
                f"{other} ({second.subnet}) overlaps {one} ({first.subnet})",
                "give each network a subnet of its own",
            )


def shift(file: TopologyFile, base: str | None, report: Report) -> tuple[IPv4Network, int]:
    """Return the base to use, and how far everything moves from where the file has it."""
    if base is None:
        return file.base, 0
    try:
        target = subnet(base)
    except ValueError as error:
        wrong, _, remedy = str(error).partition("; ")
        report.add(("base",), f"the base asked for will not do: {wrong}", remedy)
        return file.base, 0
    distance = int(target.network_address) - int(file.base.network_address)
    ends: dict[tuple[Where, str], IPv4Address] = {
        (("networks", name, "subnet"), f"{name} ({network.subnet})"): network.subnet.broadcast_address
        for name, network in file.networks.items()
    }
    for entry, spec in file.nodes.items():
        if spec.anycast is not None and spec.anycast in file.base:
            ends[("nodes", entry, "anycast"), f"{spec.anycast} of {entry}"] = spec.anycast
    for (where, what), address in ends.items():
        end = int(address) - int(file.base.network_address)
        if end >= target.num_addresses:
            report.add(
                where,
                f"{what} does not fit when {file.base} is moved to {target}",
                f"give a base of /{32 - end.bit_length()} or larger",
            )
    return target, distance


def assign(drafts: Mapping[str, Draft], file: TopologyFile, report: Report) -> dict[str, dict[str, IPv4Address]]:
    """Return each node's addresses: node name -> network name -> address."""
    taken: dict[str, dict[IPv4Address, str]] = {name: {} for name in file.networks}
    joined = {draft.name: _joined(draft, file, report) for draft in drafts.values()}
    for name, networks in joined.items():
        for network, fixed in networks.items():
            if fixed is not None:
                _take(drafts[name], network, fixed, file, taken[network], report)
    free = {name: _free(file.networks[name].subnet, taken[name]) for name in file.networks}
    addresses: dict[str, dict[str, IPv4Address]] = {}
    for name, networks in joined.items():
        addresses[name] = {}
        for network, fixed in networks.items():
            within = file.networks[network].subnet
            found = fixed or next(free[network], None)
            if found is None:
                report.add(
                    ("networks", network, "subnet"),
                    f"{network} ({within}) has addresses for {within.num_addresses - _FIRST_NODE - 1} nodes"
                    f" and is asked for {sum(network in others for others in joined.values())}",
                    "take a larger subnet or fewer nodes",
                )
            else:
                addresses[name][network] = found
    return addresses


def _joined(draft: Draft, file: TopologyFile, report: Report) -> dict[str, IPv4Address | None]:
    """Return the networks that a node is on, each with its fixed address if it has one."""
    if draft.spec.networks is None:
        if len(file.networks) > 1:
            names = ", ".join(file.networks)
            report.add(draft.where, f"{draft.entry} does not say its networks", f"choose from {names}")
            return {}
        return dict.fromkeys(file.networks)
    where = (*draft.where, "networks")
    for network in draft.spec.networks:
        if network not in file.networks:
            report.add(
                (*where, network),
                f"{draft.entry} is on {network}, which is no network",
                f"choose from {', '.join(file.networks)}",
            )
    return {name: fixed for name, fixed in draft.spec.networks.items() if name in file.networks}


def _take(
    draft: Draft,
    network: str,
    address: IPv4Address,
    file: TopologyFile,
    taken: dict[IPv4Address, str],
    report: Report,
) -> None:
    """Give a node its fixed address, if it can have it."""
    within = file.networks[network].subnet
    special = {
        within.network_address: "the address of the network itself",
        within[1]: "the gateway",
        within.broadcast_address: "the broadcast address",
    }
    wrong = None
    if (draft.spec.count or draft.spec.chain or 1) > 1:
        wrong, remedy = (
            f"{address} cannot be given to all of {draft.entry}",
            "leave it out, or write single nodes",
        )
    elif address not in within:
        wrong, remedy = f"{address} of {draft.name} lies outside {network} ({within})", "take one inside"
    elif address in special:
        wrong, remedy = f"{address} of {draft.name} is {special[address]} of {network}", "take another"
    elif address in taken:
        wrong, remedy = (
            f"{address} of {draft.name} is taken by {taken[address]}",
            "take another, or leave it out",
        )
    if wrong is not None:
        report.add((*draft.where, "networks", network), wrong, remedy)
    taken.setdefault(address, draft.name)


def _free(within: IPv4Network, taken: Mapping[IPv4Address, str]) -> Iterator[IPv4Address]:
    for offset in range(_FIRST_NODE, within.num_addresses - 1):
        if within[offset] not in taken:
            yield within[offset]
