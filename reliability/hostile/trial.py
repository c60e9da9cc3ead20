"""All attacks on all programs: each program with a few containers, one attack after the other.

Who vanishes without a word is noticed in half a minute. So that is tried on all programs at the same time.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

from benchmarks.stations import Station, Where, bridge, stations
from reliability.effort import Effort
from reliability.hostile import judge
from reliability.hostile.attack import ATTACKS, VANISHING, Attack, Over
from reliability.hostile.run import Outcome, run
from reliability.hostile.target import TARGETS, Target
from reliability.page import cell
from reliability.record import Cell, Table
from topology.compose import GIVE_UP

OPTIONS = ("--cap-add", "NET_ADMIN", *(f"--sysctl={name}={value}" for name, value in GIVE_UP.items()))
"""For the one who vanishes; and what nodes of a lab have."""

PLACES = 3
"""Of the program, of who attacks it, and of the honest; one more where something lies behind it."""
NOTE = (
    "Each program runs in a container of its own, each attack against a fresh one. The honest are those who were there "
    "before, and say something every 5 ms; newcomers are those who come anew every 50 ms, and their time is that from "
    "the dial to the first answer. Memory is the most that was ever resident (VmHWM), with its bound beside it. "
    "Left over is what the program had more of, threads or descriptors, when the attack and the honest had gone. "
    "tcp_server is the given program of Project 3, which nobody changes: of it this says what it does."
)


def try_out(effort: Effort) -> Table:
    """Attack all programs."""
    return table(list(outcomes(effort)))


def outcomes(
    effort: Effort, targets: Sequence[Target] = TARGETS, attacks: Sequence[Attack] = ATTACKS
) -> Iterator[Outcome]:
    """Yield what came of each attack."""
    with bridge() as network:
        for target in targets:
            with places_of(target, network) as places:
                for attack in (each for each in attacks if each.over is target.over):
                    yield told(run(target, attack, effort, places))
        if effort is Effort.FULL:  # it takes half a minute
            yield from vanishing(effort, [each for each in targets if each.over is Over.TCP], network)


def vanishing(effort: Effort, targets: Sequence[Target], network: str) -> Iterator[Outcome]:
    """Have ends vanish, on all programs at the same time."""

    def one(target: Target) -> Outcome:
        with places_of(target, network) as places:
            return run(target, VANISHING, effort, places)

    with ThreadPoolExecutor(max(1, len(targets))) as pool:
        yield from map(told, pool.map(one, targets))


def places_of(target: Target, network: str) -> AbstractContextManager[list[Station]]:
    """Have a station for each who takes part when a program is attacked."""
    return stations(PLACES + target.needs_behind, Where.CONTAINERS, *OPTIONS, on=network)


def told(outcome: Outcome) -> Outcome:
    """Print what came of an attack: all of them take minutes."""
    print("  ".join(cell(each) for each in judge.row(outcome)), flush=True)
    for fault in judge.wrong(outcome):
        print(f"    {fault}", flush=True)
    return outcome


def table(found: Sequence[Outcome]) -> Table:
    """Make the table of all."""
    totals = {name: sum(each.thrown.get(name, 0) for each in found) for name in ("connections", "SYNs", "datagrams")}
    figures: dict[str, Cell] = {f"{name} thrown at programs that listen": total for name, total in totals.items()}
    figures["bytes thrown at them, GB"] = sum(each.thrown.get("bytes", 0) for each in found) / 1e9
    figures["attacks on them"] = len(found)
    rows = tuple(judge.row(each) for each in found)
    return Table(judge.COLUMNS, rows, NOTE, figures, tuple(fault for each in found for fault in judge.wrong(each)))
