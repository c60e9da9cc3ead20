"""From what is written to single nodes: `count` and `chain` become nodes with numbered names.

receiver:  {role: multicast-receiver, count: 3}          receiver1  receiver2  receiver3
forwarder: {role: forwarder, chain: 3, upstream: server} forwarder1 -> forwarder2 -> forwarder3 -> server
"""

from dataclasses import dataclass

from topology.model import MOST_CHAIN, NodeSpec, TopologyFile
from topology.names import MOST_NAME
from topology.source import Report, Where


@dataclass(frozen=True)
class Draft:
    """A node that is not placed yet: its own name, and the entry of the file that it comes from."""

    name: str
    entry: str
    spec: NodeSpec
    upstream: str | None  # as written, or the next of its chain; not looked up yet

    @property
    def where(self) -> Where:
        """The path of the entry in the file."""
        return ("nodes", self.entry)


def expand(file: TopologyFile, forwarders: int | None, report: Report) -> dict[str, Draft]:
    """Return every node by name, in the order of the file; `forwarders` is the length of every chain."""
    drafts: dict[str, Draft] = {}
    for entry, spec in file.nodes.items():
        for draft in _members(entry, _sized(entry, spec, forwarders, report)):
            if draft.name in drafts:
                report.add(
                    draft.where,
                    f"{entry} and {drafts[draft.name].entry} both make a node {draft.name}",
                    "rename one of the two",
                )
            if len(draft.name) > MOST_NAME:
                report.add(draft.where, f"the name {draft.name} is over {MOST_NAME} characters", "shorten it")
            drafts[draft.name] = draft
    if forwarders is not None and not any(spec.chain for spec in file.nodes.values()):
        report.add(
            ("nodes",),
            "there is no chain to set the length of",
            "give a forwarder `chain: 3`, or no FORWARDERS",
        )
    return drafts


def _sized(entry: str, spec: NodeSpec, forwarders: int | None, report: Report) -> NodeSpec:
    where: Where = ("nodes", entry)
    if spec.chain is None:
        return spec
    if spec.count is not None:
        report.add((*where, "count"), f"{entry} has both count and chain", "keep one of the two")
    if not (spec.role.protocol and spec.role.needs_upstream and not spec.role.needs_peer):
        report.add(
            (*where, "chain"),
            f"{entry} is a {spec.role.name}, which cannot be chained",
            "use role: forwarder, or count",
        )
    if forwarders is None:
        return spec
    if not 1 <= forwarders <= MOST_CHAIN:
        report.add((*where, "chain"), f"{entry} cannot be {forwarders} forwarders long", f"give 1 to {MOST_CHAIN}")
        return spec
    return spec.model_copy(update={"chain": forwarders})


def _members(entry: str, spec: NodeSpec) -> list[Draft]:
    size = spec.chain or spec.count
    if size is None:
        return [Draft(entry, entry, spec, spec.upstream)]
    names = [f"{entry}{number}" for number in range(1, size + 1)]
    after = [*names[1:], spec.upstream] if spec.chain else [spec.upstream] * size
    return [Draft(name, entry, spec, upstream) for name, upstream in zip(names, after, strict=True)]
