"""Who dials whom, and who is whose peer: names looked up, and every wrong one found.

alice --upstream--> forwarder1 -> forwarder2 -> forwarder3 --> server        peer1 <--peer--> peer2
"""

from collections.abc import Mapping
from dataclasses import dataclass

from topology.errors import did_you_mean
from topology.expand import Draft
from topology.roles import Protocol
from topology.source import Report

Memberships = Mapping[str, Mapping[str, object]]  # node name -> the networks it is on


@dataclass(frozen=True)
class Partners:
    """The nodes that one node talks with, by name."""

    upstream: str | None
    peer: str | None


def find_partners(drafts: Mapping[str, Draft], networks: Memberships, report: Report) -> dict[str, Partners]:
    """Look up the upstream and the peer of every node."""
    finder = _Finder(drafts, networks, report)
    found = {name: Partners(finder.upstream(draft), finder.peer(draft)) for name, draft in drafts.items()}
    for draft in drafts.values():
        other = found[draft.name].peer
        if other is not None and found[other].peer != draft.name:
            back = found[other].peer or "nobody"
            report.add(
                (*draft.where, "peer"),
                f"{draft.entry} names {other} as its peer, but that one names {back}",
                f"let the two name each other: `peer: {draft.name}`",
            )
    _check_loops(drafts, found, report)
    return found


class _Finder:
    def __init__(self, drafts: Mapping[str, Draft], networks: Memberships, report: Report) -> None:
        self._drafts = drafts
        self._networks = networks
        self._report = report
        self._groups: dict[str, list[Draft]] = {}
        for draft in drafts.values():
            self._groups.setdefault(draft.entry, []).append(draft)

    def upstream(self, draft: Draft) -> str | None:
        if not self._wanted(draft, "upstream", draft.upstream, draft.spec.role.needs_upstream):
            return None
        found = self._find(draft, "upstream", draft.upstream)
        if found is not None and found.spec.role.protocol is not Protocol.TCP:
            self._report.add(
                (*draft.where, "upstream"),
                f"{draft.entry} dials {found.name}, a {found.spec.role.name}, which listens on no TCP port",
                "name a server or a forwarder",
            )
            return None
        return found.name if found else None

    def peer(self, draft: Draft) -> str | None:
        if not self._wanted(draft, "peer", draft.spec.peer, draft.spec.role.needs_peer):
            return None
        found = self._find(draft, "peer", draft.spec.peer)
        if found is not None and not found.spec.role.needs_peer:
            self._report.add(
                (*draft.where, "peer"),
                f"{draft.entry} has {found.name} as its peer, which is a {found.spec.role.name}",
                f"name a {draft.spec.role.name}",
            )
            return None
        return found.name if found else None

    def _wanted(self, draft: Draft, key: str, given: str | None, needed: bool) -> bool:
        role = draft.spec.role.name
        if needed and given is None:
            self._report.add(draft.where, f"{draft.entry} has no {key}, and a {role} needs one", f"add `{key}: NODE`")
        if given is not None and not needed:
            self._report.add((*draft.where, key), f"{draft.entry} is a {role}, which uses no {key}", f"remove `{key}`")
        return needed and given is not None

    def _find(self, draft: Draft, key: str, name: str | None) -> Draft | None:
        """Find the node that a name stands for; None, and a problem noted, when it will not do."""
        where = (*draft.where, key)
        group = self._groups.get(name or "", [])
        found = self._drafts.get(name or "") or (group[0] if group else None)
        if name is None or found is None:
            remedy = did_you_mean(str(name), [*self._drafts])
            self._report.add(where, f"the {key} of {draft.entry}, {name}, does not exist", remedy)
            return None
        if name not in self._drafts and len(group) > 1 and not found.spec.chain:
            self._report.add(
                where,
                f"the {key} of {draft.entry}, {name}, is {len(group)} nodes",
                f"name one of {group[0].name} to {group[-1].name}",
            )
            return None
        if found.name == draft.name:
            self._report.add(where, f"{draft.entry} is its own {key}", "name another node")
            return None
        if not self._networks[found.name].keys() & self._networks[draft.name].keys():
            self._report.add(
                where,
                f"{draft.entry} and its {key} {found.name} are on no network together",
                "put both on one network",
            )
            return None
        return found


def _check_loops(drafts: Mapping[str, Draft], partners: Mapping[str, Partners], report: Report) -> None:
    """Find nodes that end up dialing themselves; each node has one way on, so following it is enough."""
    done: set[str] = set()
    for start in partners:
        way: list[str] = []
        name: str | None = start
        while name is not None and name not in done and name not in way:
            way.append(name)
            name = partners[name].upstream
        if name in way:
            loop = [*way[way.index(name) :], name]
            report.add(
                (*drafts[loop[-2]].where, "upstream"),
                f"{' -> '.join(loop)} closes a loop",
                "let one of them dial a server",
            )
        done.update(way)
