"""What the broadcast server promises, also while everything breaks: once, in order, under the right name, or not lost.

What is lost is exact where it looks vague. On its way from one client to another a line passes four places:

    typed ──► said (on the wire, to the server) ──► heard (on the wire, from the server) ──► shown
          sender's program                     server                            listener's program

Each of these programs passes lines on in order. So what comes out of it is a piece of what went in, without a gap:

    in     1 2 3 4 5 6 7 8
    out        3 4 5 6          4 missing would be a loss, whatever broke before 3 and behind 6

A line is due between two that came out; it is due, too, before the first of them if it went in when the way was open,
and behind the last if both calls, and so all three programs, lasted to the end, when nobody had typed for a while.
"""

import re
from collections import Counter
from collections.abc import Sequence

from lab.history import History
from scenarios.chaos.spoken import Call, Line, calls, runs, speakers
from scenarios.chaos.steps import fell_silent
from scenarios.checks.talk import CLIENT
from scenarios.verdict import FailedError, Verdict, check, failed, passed


@check
def no_line_is_delivered_twice(history: History) -> Verdict:
    """No run of a client is delivered a line twice, on the wire or on its terminal."""
    delivered = _delivered(history)
    for run in (run for node in history.nodes(CLIENT) for run in runs(history)[node]):
        on_wire = [heard.line for call in calls(history) if call.run is run for heard in call.heard]
        for where, lines in (("was sent", on_wire), ("showed", run.shown)):
            if twice := [line for line, times in Counter(lines).items() if times > 1]:
                return failed(f"{run.node} {where} {str(twice[0])!r} {Counter(lines)[twice[0]]} times")
    return passed(f"{delivered} deliveries, each of them once")


@check
def no_line_comes_out_of_order(history: History) -> Verdict:
    """What is said on one connection is heard, and shown, in the order in which it was said."""
    delivered = _delivered(history)
    place = {line: number for call in calls(history) for number, (_, line) in enumerate(call.said)}
    of = speakers(history)
    for call in calls(history):
        on_wire = [heard.line for heard in call.heard]
        for where, lines in (("was sent", on_wire), ("showed", call.run.shown)):
            last: dict[Call, Line] = {}
            for line in (line for line in lines if line in of):
                before = last.get(of[line])
                if before is not None and place[before] > place[line]:
                    return failed(f"{call.node} {where} {str(before)!r} before {str(line)!r}")
                last[of[line]] = line
    return passed(f"{delivered} deliveries, each in its sender's order")


@check
def no_line_comes_under_anothers_tag(history: History) -> Verdict:
    """A line comes under the tag of the connection that it was said on, which no other connection has."""
    delivered = _delivered(history)
    of = speakers(history)
    tag_of: dict[Call, tuple[str, str]] = {}
    call_of: dict[tuple[object, tuple[str, str]], Call] = {}
    for call in calls(history):
        for _, line, tag in call.heard:
            told = f"{call.node} heard {str(line)!r} under {' ... '.join(tag)!r}"
            if line not in of:
                return failed(f"{told}, which nobody had said")
            speaker = of[line]
            if speaker.number is not None and speaker.number not in re.findall(r"\d+", " ".join(tag)):
                return failed(f"{told}, but {speaker} had been given {speaker.number}")
            if tag_of.setdefault(speaker, tag) != tag:
                return failed(f"{told}, which was {' ... '.join(tag_of[speaker])!r} before")
            if call_of.setdefault((speaker.server, tag), speaker) is not speaker:
                return failed(f"{told}, the tag of {call_of[speaker.server, tag]}, but {speaker} said it")
    return passed(f"{delivered} deliveries under {len(tag_of)} tags, of as many connections")


@check
def no_line_is_lost(history: History) -> Verdict:
    """No line is lost between two clients that were both connected throughout."""
    delivered = _delivered(history)
    lasted = 0
    for call in calls(history):
        said, heard = [line for _, line in call.said], [heard.line for heard in call.heard]
        to_the_end = call.lasted and fell_silent(history)
        typed = call.run.typed
        _refuse_gap(f"{call.node}'s program did not send", typed, said, to_the_end=to_the_end)
        _refuse_gap(f"{call.node} did not show", heard, call.run.shown, first=0, to_the_end=to_the_end)
    for sender in calls(history):
        for listener in calls(history):
            if sender.server is not listener.server or sender.node == listener.node:
                continue
            said = [line for _, line in sender.said]
            first = next((n for n, (time, _) in enumerate(sender.said) if time > listener.greeted), None)
            both = sender.lasted and listener.lasted and fell_silent(history)
            heard = [heard.line for heard in listener.heard]
            _refuse_gap(f"{listener} was not sent", said, heard, first=first, to_the_end=both)
            lasted += both
    return passed(f"{delivered} deliveries without a gap; {lasted} pairs of clients were connected to the end")


def _refuse_gap(
    what: str, went_in: Sequence[Line], came_out: Sequence[Line], *, first: int | None = None, to_the_end: bool
) -> None:
    """Raise FailedError for a line that went in, did not come out, and was due.

    `first` is the place of the first line for which the way was open; None if that is only known by what came out.
    """
    out = set(came_out)
    places = [place for place, line in enumerate(went_in) if line in out]
    begin = min([*places, *([] if first is None else [first])], default=len(went_in))
    end = len(went_in) if to_the_end else max(places, default=begin - 1) + 1
    for line in went_in[begin:end]:
        if line not in out:
            raise FailedError(f"{what} {str(line)!r}, which was due")


def _delivered(history: History) -> int:
    """Count what was delivered. FailedError if it is nothing: then nothing can be said of it."""
    found = sum(len(call.heard) for call in calls(history))
    if not found:
        raise FailedError("nobody heard anything of anybody")
    return found
