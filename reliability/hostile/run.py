"""One attack on one program: the program, who attacks it, and who is honest, each in a container of its own.

    attacker ---- throws ----> program ----> what lies behind it, if it needs that
    honest ------ asks ------>

before = threads and descriptors; the honest begin; the attack, to its end; the honest end; after = the same again
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.stations import Job, Station, spoken
from reliability.effort import Effort
from reliability.hostile.attack import Attack, Over
from reliability.hostile.target import Place, Target

WITHIN = 90.0
STARTS_WITHIN = 5.0
NOBODY = {"asked": 0, "answered": 0, "lost": "", "ways": {}, "came": 0, "served": 0, "last": False}
_ATTACKS = "reliability.hostile.attacks"


@dataclass(frozen=True)
class Outcome:
    """What the attacker, the honest, and who watched the program have to say; and what was counted before and after."""

    target: Target
    attack: Attack
    thrown: dict[str, Any]
    honest: dict[str, Any]
    watched: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]


def run(target: Target, attack: Attack, effort: Effort, stations: Sequence[Station]) -> Outcome:
    """Attack a program; `stations` are those of the program, the attacker, the honest, and what it needs behind it."""
    here, attacker, honest_station, *further = stations
    behind = further[0] if target.needs_behind else honest_station
    place = Place(here, honest_station, behind)
    jobs: list[Job] = []
    try:
        if target.needs_behind:
            echo = ("python3", "-m", f"{_ATTACKS}.echo", "--port", str(place.behind_port))
            jobs.append(behind.start(*echo, listens=place.behind_port))
        program = ("python3", "-m", target.module, *target.words(place))
        watching = ("python3", "-m", f"{_ATTACKS}.watched", *attack.limits, "--", *program)
        watched = here.start(*watching)
        jobs.append(watched)
        before = look(here, target, f"--{target.over.name.lower()}", str(place.port), "--within", str(STARTS_WITHIN))
        if not before["alive"]:  # it does not even start under such conditions
            return Outcome(target, attack, {}, NOBODY, spoken(watched.stop(WITHIN)), before, before)
        server = ("--server", target.server(place))
        honest = honest_station.start(
            "python3", "-m", *target.honest(place), *server, "--count", str(int(attack.newcomers)),
            "--ready", str(place.ready_port), listens=place.ready_port,
        )  # fmt: skip
        jobs.append(honest)
        own = ("--as", place.peer, *(("--packets",) if target.packets else ())) if target.over is Over.UDP else ()
        thrown = attacker.run(*attack.command(effort), *server, *own, within=WITHIN)
        served = spoken(honest.stop(WITHIN))
        settled = [word for name in ("threads", "descriptors") for word in (f"--{name}", str(before[name]))]
        after = look(here, target, *settled, "--within", str(attack.settles_within))
        return Outcome(target, attack, thrown, served, spoken(watched.stop(WITHIN)), before, after)
    finally:
        for job in jobs:
            job.stop(WITHIN)


def look(station: Station, target: Target, *words: str) -> dict[str, Any]:
    """Return what attacks/look.py sees of a program there."""
    return station.run("python3", "-m", f"{_ATTACKS}.look", "--module", target.module, *words, within=WITHIN)
