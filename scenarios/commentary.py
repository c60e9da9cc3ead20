"""A running commentary on a play: what each step was for, and what then happened, in plain words.

    programs, people ──► at once ───────────────┐
                                                ├──► held back ──► a step and all that happened in it, in order of time
    packets ──► dissected ──► a moment later ───┘

A step is told when it has ended and the wire has caught up with it: when a packet younger than its end was seen.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from math import inf

from lab.events import AnyEvent, Exited, Fault, Packet, Printed, Started, Step, TapClosed, ThreadsSeen, Typed
from lab.switching import told_tables
from lab.threads.words import row
from lab.visible import cut, shown, visible
from lab.wire import ends, noise
from scenarios.news import News

LONGEST = 160
"""Letters of one line of a node's terminal; whoever wants the rest finds it in the log."""

Say = Callable[[str, str], None]
"""Takes a line and its style (rich's: "bold red")."""


def tell_steps(say: Say) -> Callable[[AnyEvent], None]:
    """Return a listener that tells the steps of a play alone: for a long one, in which too much happens."""

    def hear(event: AnyEvent) -> None:
        if isinstance(event, Step):
            came = "" if event.worked else f": did not work: expected {event.expected}, but got {event.got}"
            told = f"{event.sentence}{came} ({event.time - event.began:.1f} s)"
            say(visible(told), "" if event.worked else "bold red")

    return hear


class Commentary:
    """Hears every event (it is the listener of a run) and says the lines that are worth it."""

    def __init__(self, say: Say, shows: Collection[str] = ()) -> None:
        """Speak by `say`, from whichever thread brings the event; never from two at once.

        `shows` names what is told although it is noise elsewhere (see `lab.wire.noise`).
        """
        self._say = say
        self._shows = shows
        self._held: list[AnyEvent] = []
        self._wire = 0.0
        self._closing = False
        self._told = 0
        self._names: dict[str, str] = {}
        self._networks: set[str] = set()
        self._echo: defaultdict[str, list[str]] = defaultdict(list)  # by node: what was typed and not echoed yet
        self._news = News()
        self._lock = threading.Lock()

    def __call__(self, event: AnyEvent) -> None:
        """Take an event, and tell the steps that can be told now."""
        with self._lock:
            if isinstance(event, TapClosed):
                self._closing, self._wire = True, inf
            elif isinstance(event, Packet):
                self._wire = max(self._wire, event.time)
            elif self._closing:  # what programs do while the lab is taken down is not part of the play
                return
            self._held.append(event)
            steps = (e for e in self._held if isinstance(e, Step) and e.time <= self._wire)
            for step in sorted(steps, key=lambda step: step.began):
                self._tell(step)

    def end(self) -> None:
        """Tell what happened after the last step."""
        with self._lock:
            if lines := list(self._lines_until(inf)):
                self._say("     After that:", "bold")
                for line in lines:
                    self._say(*line)

    def _tell(self, step: Step) -> None:
        self._told += 1
        took = f"({step.time - step.began:.1f} s)"
        self._say(f"{self._told:3}. {visible(step.sentence)} {took}", "bold")
        for line in self._lines_until(step.time):
            self._say(*line)
        if not step.worked:
            self._say(f"     did not work: expected {visible(step.expected or '')},", "bold red")
            self._say(f"     but got {visible(step.got or 'nothing')}", "bold red")

    def _lines_until(self, time: float) -> Iterator[tuple[str, str]]:
        """Yield what there is to say of the events held back up to a time, and let go of them."""
        due = sorted((e for e in self._held if e.time <= time), key=lambda event: event.time)
        self._held = [event for event in self._held if event.time > time]
        for event in due:
            for line, style in self._lines(event):
                yield f"     {visible(line)}", style

    def _lines(self, event: AnyEvent) -> Iterator[tuple[str, str]]:
        match event:
            case Started():
                self._networks |= {*event.addresses}
                for address in (*event.addresses.values(), *event.others):
                    if self._names.setdefault(address, event.node) != event.node:
                        self._names[address] = address  # several nodes share it: it is nobody's name
                yield f"{event.node} starts ({event.role}, {', '.join(event.addresses.values())})", "green"
            case Exited():
                yield f"{event.node} ends, exit status {event.status}", "green"
            case Fault():
                yield f"fault: {event.node} {event.what}", "red"
            case Typed():
                for line in event.data.decode("utf-8", "backslashreplace").splitlines():
                    self._echo[event.node].append(_without_blanks(line))
                    yield f"{event.node} types: {line}", "bold"
            case Printed():
                for line in shown(event.data).split("\n"):
                    yield from self._printed(event.node, line.removeprefix("> ").rstrip())
            case ThreadsSeen():
                count = f"{event.node} has {len(event.threads)} threads"
                yield f"{count}; context switches, voluntary and involuntary, stand behind:", "magenta"
                for thread in event.threads:
                    yield f"  {row(thread, self._names)}", "magenta"
            case Packet() if (noise(event) or "") in {"", *self._shows}:
                if news := self._news.of(event, *ends(event, self._names)):
                    where = f" of {event.network}" if len(self._networks) > 1 else ""
                    yield f"wire{where}: {news}", "blue"
            case TapClosed():
                lost = f"lost {event.dropped}" if event.dropped else "lost none"
                yield f"the tap of {event.network} saw {event.received} packets and {lost}", "dim"

    def _printed(self, node: str, line: str) -> Iterator[tuple[str, str]]:
        """Pass over prompts and the echo of what was typed: nobody learns from those."""
        if line in ("", ">"):
            return
        if tables := told_tables.read(line):
            yield f"{node} tells its tables; {told_tables.words(tables)}", "magenta"
            return
        if not self._is_echo(node, _without_blanks(line)):
            yield f"{node} shows: {cut(visible(line), LONGEST)}", ""

    def _is_echo(self, node: str, piece: str) -> bool:
        """Tell whether this is what was typed, or the next piece of it: a terminal echoes letter by letter."""
        waiting = self._echo[node]
        for place, text in enumerate(waiting):
            if text.startswith(piece):
                waiting[place : place + 1] = filter(None, [text.removeprefix(piece)])
                return True
        return False


def _without_blanks(line: str) -> str:
    return "".join(line.split())
