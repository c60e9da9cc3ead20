"""How the cost of a network grows with the number of its switches: meshes of several sizes, each played and measured.

python -m scenarios.switching.growth --write       6 to 30 switches, three times each, into docs/switching.md
python -m scenarios.switching.growth 8 --times 1   one mesh of eight, once; nothing is written

It measures the machine as well: thirty switches that start on two processors wait for each other. So no test goes by
what comes of it; the document says what came on one machine.
"""

import shutil
import sys
from collections.abc import Callable, Sequence
from statistics import median
from typing import Annotated

import typer

from lab.chart import Axis, Chart
from lab.errors import LabError
from lab.lab import Lab
from lab.mesh import write_mesh
from lab.recorder import now
from lab.state import RUNS
from lab.switching.switched import Kind
from scenarios.page import ROOT, with_rows
from scenarios.run import run
from scenarios.scenario import Scenario
from scenarios.story import story
from scenarios.switching.measures import Measured, measure
from scenarios.switching.shared import PAGE, datagram_since, packet_since, wait_told_whole
from scenarios.verdict import Outcome

SIZES = (6, 10, 15, 20, 25, 30)
TIMES = 3
NAME = "growth"
MESHES = RUNS / NAME
FLOW = "3000 0.02"
SOME = 10
"""So many packets come after the cut, and the play is over."""
PERIODS = 5
"""Of vectors: so long nothing is done before the cut, for what is told meanwhile to be counted."""


def cut_one_link(lab: Lab) -> None:
    """Wait until all is known and told a few times more; then cut a link in the middle of the way of a flow."""
    with lab.step("All switches and both hosts are up, and every switch knows the shortest way to all others"):
        lab.complete()
        wait_told_whole(lab)
    with lab.step(f"They tell each other the same for {PERIODS} periods more"):
        told = packet_since(Kind.VECTOR, now())
        lab.wait_packet("vectors of s1", told, sender="s1", receiver="h1", count=PERIODS)
    with lab.step("h1 sends h2 a packet every 20 ms; a link on their way is cut; they find another way"):
        began = now()
        lab.node("h1").type(f"flow h2 {FLOW}")
        way = way_of_the_first(lab, began)
        middle = len(way) // 2
        lab.cut_link(way[middle - 1], way[middle])
        lab.wait_packet("packets at h2 again", datagram_since(now()), receiver="h2", count=SOME)


def way_of_the_first(lab: Lab, began: float) -> list[str]:
    """Wait until the first datagram since then is at h2; return the nodes that it passed."""
    way = ["h1"]
    while way[-1] != "h2":
        packet = lab.wait_packet(f"a packet of {way[-1]}", datagram_since(began), sender=way[-1])
        way.append(lab.topology.name_of[str(packet.dst)])
    return way


def played(switches: int, number: int) -> Measured:
    """Play a mesh of so many switches once, and measure it. Ends the command if the play did not work."""
    path = write_mesh(switches, MESHES)
    intent = f"{switches} switches agree, and find another way when a link is cut"
    result = run(Scenario(f"{NAME}-{switches}", intent, str(path), cut_one_link, checks=()))
    if result.outcome is not Outcome.PASS:
        print(story(result), end="")
        raise typer.Exit(1)
    found = measure(result.history)
    shutil.rmtree(result.directory)
    told = f"settled in {found.settling:.2f} s, healed in {found.healing:.2f} s, {found.told:,.0f} bytes/s of vectors"
    print(f"{switches} switches, {number}: {told}", flush=True)
    return found


def rows(found: Sequence[Sequence[Measured]]) -> list[str]:
    """Return the table: a size a row; of what differs from run to run the median, the least and the most."""
    table = [
        "| Switches | Links | Routes of each | Settling, in s | Healing, in s | Vectors, in bytes/s |",
        "|---|---|---|---|---|---|",
    ]
    for runs in found:
        times = [
            f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"
            for values in ([each.settling for each in runs], [each.healing for each in runs])
        ]
        told = f"{median(each.told for each in runs):,.0f}"
        size = runs[0]
        table.append(f"| {size.switches} | {size.links} | {size.routes} | {' | '.join(times)} | {told} |")
    return table


def charts(found: Sequence[Sequence[Measured]]) -> dict[str, str]:
    """Draw what grows, by the name of the drawing."""
    across = Axis("packet switches")
    times = Chart("How long it takes to settle, and to heal", across, Axis("time", "s"))
    add(times, "settling, after the last start", found, lambda each: each.settling)
    add(times, "healing, after a cut", found, lambda each: each.healing)
    told = Chart("What switches tell each other while nothing is new", across, Axis("vectors on all links", "kB/s"))
    add(told, "vectors", found, lambda each: each.told / 1000)
    tables = Chart("What each switch has to know", across, Axis("routes in its table"))
    add(tables, "routes", found, lambda each: each.routes)
    return {f"{NAME}-times": times.svg(), f"{NAME}-tables": tables.svg(), f"{NAME}-vectors": told.svg()}


def add(chart: Chart, name: str, found: Sequence[Sequence[Measured]], value: Callable[[Measured], float]) -> None:
    """Add a series: the medians, with the least and the most that was measured."""
    values = [(runs[0].switches, [value(each) for each in runs]) for runs in found]
    chart.add(name, [(size, median(some)) for size, some in values], [(min(some), max(some)) for _, some in values])


def main(
    sizes: Annotated[list[int] | None, typer.Argument(min=2, max=100, help="How many switches; several sizes.")] = None,
    times: Annotated[int, typer.Option(min=1, help="How often each is played.")] = TIMES,
    write: Annotated[bool, typer.Option("--write", help=f"Write table and drawings into {PAGE}.")] = False,
) -> None:
    """Play networks of several sizes, and show what grows with the number of switches; 6 to 30 if none is given."""
    try:
        found = [[played(size, number) for number in range(1, times + 1)] for size in sizes or SIZES]
    except LabError as error:
        print(f"the lab failed: {error}", file=sys.stderr)
        raise typer.Exit(3) from None
    finally:
        shutil.rmtree(MESHES, ignore_errors=True)
    print("\n".join(rows(found)))
    if write:
        (ROOT / PAGE).write_text(with_rows(PAGE, NAME, rows(found)), encoding="utf-8")
        for name, svg in charts(found).items():
            (ROOT / PAGE.removesuffix(".md") / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
