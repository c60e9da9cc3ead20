"""What of a lab is not on its own: networks that lead out, and ports of this computer that lead in.

    alice ── lab (internal: nothing leads out) ── server ── open (internal: false) ── this computer ── what it reaches
                                                    '── publish: 9000 ─────────────── 127.0.0.1:9000

A published port is a way into the network, so it needs one whose bridge has an address.
"""

from collections.abc import Mapping

from topology.expand import Draft
from topology.model import TopologyFile
from topology.routing import Given
from topology.source import Report

Ports = Mapping[str, int | None]


def check(drafts: Mapping[str, Draft], given: Given, ports: Ports, file: TopologyFile, report: Report) -> None:
    """Report networks that cannot lead out, and ports that cannot be published."""
    if any(draft.spec.role.forwards for draft in drafts.values()):
        for name, network in file.networks.items():
            if not network.internal:
                report.add(
                    ("networks", name, "internal"),
                    f"{name} cannot lead out: a lab with routers is on its own",
                    "remove `internal: false`",
                )
    published: dict[tuple[int, str], Draft] = {}
    for draft in drafts.values():
        if draft.spec.publish is not None:
            _check_published(draft, given[draft.name], ports[draft.name], file, report)
            key = draft.spec.publish, draft.spec.role.protocol or ""
            other = published.setdefault(key, draft)
            if other is not draft:
                report.add(
                    (*draft.where, "publish"),
                    f"{draft.name} and {other.name} would both be at port {draft.spec.publish} of this computer",
                    "publish one of them, or another port",
                )


def _check_published(
    draft: Draft, networks: Mapping[str, object], port: int | None, file: TopologyFile, report: Report
) -> None:
    where = (*draft.where, "publish")
    if port is None:
        report.add(where, f"{draft.entry} listens on no port that could be published", "remove `publish`")
    elif networks and all(file.networks[name].internal for name in networks):
        report.add(
            where,
            f"{draft.entry} is on internal networks only, where no port leads in",
            f"add `internal: false` to {next(iter(networks))}",
        )
