"""Who starts after whom: names looked up, loops found.

    frank: {after: [alice, bob]}      alice, bob  ──►  frank

An order is a convenience for people who watch, never a need of the programs: they find each other in any order.
"""

from collections.abc import Mapping

from topology.errors import did_you_mean
from topology.expand import Draft
from topology.source import Report


def order(drafts: Mapping[str, Draft], report: Report) -> dict[str, tuple[str, ...]]:
    """Return the nodes that each node is started after. A name of several nodes stands for all of them."""
    found = {name: _before(draft, drafts, report) for name, draft in drafts.items()}
    left = dict(found)
    while startable := [name for name, before in left.items() if not any(other in left for other in before)]:
        for name in startable:
            del left[name]
    if left:
        first = drafts[next(iter(left))]
        report.add(
            (*first.where, "after"),
            f"{' and '.join(left)} would wait for ever",
            "let one of them start without waiting",
        )
    return found


def _before(draft: Draft, drafts: Mapping[str, Draft], report: Report) -> tuple[str, ...]:
    before: list[str] = []
    for wanted in draft.spec.after or ():
        names = [other.name for other in drafts.values() if wanted in (other.name, other.entry)]
        if not names:
            report.add(
                (*draft.where, "after"),
                f"{draft.entry} is to start after {wanted}, which does not exist",
                did_you_mean(wanted, [*drafts]),
            )
        before += names
    return tuple(dict.fromkeys(before))
