"""What a check says of a history.

pass      what must hold was seen to hold
fail      it was seen not to hold: the program's fault
unknown   the lab could not see: nobody's fault but the lab's; never counted as either of the others
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import wraps

from lab.events import Packet
from lab.history import History


class Outcome(Enum):
    """The three things a check can say."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """One check's word on one history: what it says, why, and what it judged by (packets, lines on terminals)."""

    outcome: Outcome
    because: str
    evidence: tuple[str, ...] = ()


Check = Callable[[History], Verdict]
"""A pure function of the history. Its docstring is the sentence that it checks."""


def passed(because: str, evidence: Iterable[str] = ()) -> Verdict:
    """Say that it was seen to hold."""
    return Verdict(Outcome.PASS, because, tuple(evidence))


def failed(because: str, evidence: Iterable[str] = ()) -> Verdict:
    """Say that it was seen not to hold."""
    return Verdict(Outcome.FAIL, because, tuple(evidence))


class FailedError(Exception):
    """Raised by what checks share, where it sees that what must hold does not: the check then fails."""

    def __init__(self, because: str, evidence: Iterable[str] = ()) -> None:
        """Take what `failed` takes."""
        super().__init__(because)
        self.verdict = failed(because, evidence)


class UnseenError(Exception):
    """Raised by what checks share, where the lab could not show whether it holds: the check then says unknown."""


def unknown(because: str) -> Verdict:
    """Say that it could not be seen."""
    return Verdict(Outcome.UNKNOWN, because)


def check(judge: Check) -> Check:
    """Make a judge answer "unknown" where the history is blind, and where the judge itself breaks down.

    A FailedError is no breakdown, but an answer: "fail". So is an UnseenError: "unknown".
    """

    @wraps(judge)
    def guarded(history: History) -> Verdict:
        if blind := history.blindness():
            return unknown(blind)
        try:
            return judge(history)
        except FailedError as seen:
            return seen.verdict
        except UnseenError as unseen:
            return unknown(str(unseen))
        except Exception as error:  # a defect of the check must not be laid at the program's door
            return unknown(f"the check itself broke down: {type(error).__name__}: {error}")

    return guarded


def sentence(judge: Check) -> str:
    """Return what a check checks, in words."""
    return (judge.__doc__ or judge.__name__).strip().splitlines()[0].rstrip(".")


def at(packet: Packet) -> str:
    """Name a packet as evidence: where to look it up in the capture."""
    return f"{packet.network}.pcapng packet {packet.number}"


def worst(verdicts: Iterable[Verdict]) -> Outcome:
    """Return unknown if any is unknown, else fail if any failed, else pass. No verdict at all is unknown."""
    outcomes = {verdict.outcome for verdict in verdicts} or {Outcome.UNKNOWN}
    return next(outcome for outcome in (Outcome.UNKNOWN, Outcome.FAIL, Outcome.PASS) if outcome in outcomes)
