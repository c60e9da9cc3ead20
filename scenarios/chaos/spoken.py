"""Who said what on which call, and who heard it, while programs and connections come and go.

    run     a program, from its start to its end: alice |-----------x   |---------------------
    call    a connection of a run that the server let in      |--|  |-|       |---------------
    line    "alice line 17.": who typed it, and which of hers it is. Nobody types a line twice

What calls carry is read off the wire. So "said" means that the whole line left its speaker's host, and "heard" that it
left the server's for this client; "shown" is what a person saw of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lab.connections import Connection
from lab.events import Exited, Printed, Started, Typed
from lab.history import History, once
from lab.visible import shown
from scenarios.checks.talk import CLIENT, lines, opened

SERVER = "broadcast-server"
_LINE = re.compile(r"([\w-]+) line (\d+)\.")
_NUMBER = re.compile(r"\byou are (\d+)")
"""How a server may tell a client its ID. One that says nothing of it is judged by its tags alone."""


class Line(NamedTuple):
    """What is typed in a chaos: it tells who typed it, and which of theirs it is."""

    speaker: str
    number: int

    def __str__(self) -> str:
        return f"{self.speaker} line {self.number}."


class Heard(NamedTuple):
    """A line that the server sent to a client: when, and what stood before it and behind it."""

    time: float
    line: Line
    tag: tuple[str, str]


@dataclass(eq=False)
class Run:
    """One life of a node's program; `ended` is None if it was still there when all was over."""

    node: str
    began: float
    ended: float | None = None
    typed: list[Line] = field(default_factory=list)
    shown: list[Line] = field(default_factory=list)  # of others, as the terminal had them


@dataclass(eq=False)
class Call:
    """One connection of a client that the server let in. `greeted` is when the server's first word was on the wire."""

    run: Run
    server: Run
    connection: Connection
    greeted: float
    number: str | None  # the ID that the server gave it, if it told
    said: list[tuple[float, Line]]
    heard: list[Heard]

    @property
    def node(self) -> str:
        """Whose it is."""
        return self.run.node

    @property
    def lasted(self) -> bool:
        """Whether it was there to the end: neither side ended it, and neither program ended."""
        return self.connection.ending is None and self.run.ended is None and self.server.ended is None

    def __str__(self) -> str:
        return f"{self.node}:{self.connection.client[1]}"


def lines_in(text: str) -> list[Line]:
    """Return the lines that a text carries, in order."""
    return [Line(speaker, int(number)) for speaker, number in _LINE.findall(text)]


@once
def runs(history: History) -> dict[str, list[Run]]:
    """Return the runs of each node, in order."""
    found: dict[str, list[Run]] = {}
    printed: list[tuple[Printed, int]] = []  # and which start of its node was the last that the engine had told of
    for event in history:
        match event:
            case Started():
                if (lives := found.setdefault(event.node, [])) and lives[-1].ended is None:
                    lives[-1].ended = event.time
                lives.append(Run(event.node, event.time))
            case Exited() if event.node in found:
                found[event.node][-1].ended = event.time
            case Typed() if event.node in found:
                found[event.node][-1].typed += lines_in(event.data.decode("utf-8", "backslashreplace"))
            case Printed():
                printed.append((event, len(found.get(event.node, ()))))
    for run, pieces in _output(found, printed).items():
        run.shown = [line for line in lines_in(shown(b"".join(pieces))) if line.speaker != run.node]
    return found


def _output(lives: dict[str, list[Run]], printed: list[tuple[Printed, int]]) -> dict[Run, list[bytes]]:
    """Tell which run printed what: by its number where all starts have one, else by what was told of starts till then.

    Those that the engine made by itself have none.
    """
    last = {event.node: event.start for event, _ in sorted(printed, key=lambda each: each[0].start)}
    output: dict[Run, list[bytes]] = {}
    for event, told in printed:
        runs_of_node = lives.get(event.node, [])
        number = event.start if event.start and last[event.node] == len(runs_of_node) else told
        if number:
            output.setdefault(runs_of_node[number - 1], []).append(event.data)
    return output


@once
def calls(history: History) -> list[Call]:
    """Return the calls of all clients on which the server said anything, in order of time for each client."""
    known = runs(history)
    found = []
    for node in history.nodes(CLIENT):
        for connection in opened(history, node):
            server = history.node_at(connection.server[0])
            from_server = list(lines(connection, connection.server))
            accepted = connection.accepted
            if server not in history.nodes(SERVER) or not from_server or not accepted:
                continue
            greeting = _NUMBER.search(from_server[0][1])
            call = Call(
                run=_at(known[node], accepted.time),
                server=_at(known[server], accepted.time),  # which may have been started after the call had begun
                connection=connection,
                greeted=from_server[0][0],
                number=greeting[1] if greeting else None,
                said=[(time, line) for time, text in lines(connection, connection.client) for line in lines_in(text)],
                heard=list(_heard(from_server)),
            )
            found.append(call)
    return found


@once
def speakers(history: History) -> dict[Line, Call]:
    """Return the call on which each line was said first."""
    said = sorted(((time, line, call) for call in calls(history) for time, line in call.said), key=lambda each: each[0])
    return {line: call for _, line, call in reversed(said)}


def _heard(from_server: list[tuple[float, str]]) -> Iterator[Heard]:
    for time, text in from_server:
        if found := _LINE.search(text):
            yield Heard(time, Line(found[1], int(found[2])), (text[: found.start()], text[found.end() :]))


def _at(lives: list[Run], time: float) -> Run:
    """Return the run of a node at a time. The engine may tell of a start a little late."""
    return next((run for run in lives if run.ended is None or run.ended >= time), lives[-1])
