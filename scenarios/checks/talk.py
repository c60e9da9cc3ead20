"""Who said what to whom: the messages of a history, as any broadcast server would have to pass them on.

A client node's TCP connections are its only way to speak and hear, so the wire alone says who was present, what was
said and what was heard. What a server adds to a line to name its sender (its tag) is whatever is left of the line when
the message is taken away: what stands before it, and what stands behind.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lab.connections import Connection, End
from lab.history import History

CLIENT = "broadcast-client"
GOODBYE = "exit"

Tag = tuple[str, str]
"""What stands before a message and what stands behind it."""


@dataclass(frozen=True)
class Message:
    """A line that a client sent, and when its last byte was on the wire."""

    sender: str
    text: str
    time: float


@dataclass(frozen=True)
class Line:
    """A line that a client was sent: when, and the message in it with its tag; a notice of the server has neither."""

    time: float
    line: str
    text: str | None = None
    tag: Tag | None = None


def opened(history: History, node: str) -> list[Connection]:
    """Return the connections of a client that the other side took."""
    return [c for c in history.connections if history.node_at(c.client[0]) == node and c.accepted]


def served(history: History, node: str) -> list[Connection]:
    """Return the connections of a client that were more than a refusal: it spoke on them, or outlasted the greeting."""
    return [c for c in opened(history, node) if not turned_away(c)]


def turned_away(connection: Connection) -> bool:
    """Tell whether the server ended a connection before the client had said anything."""
    ending = connection.ending
    return ending is not None and ending.src == connection.server[0] and not connection.from_client


def left_at(connection: Connection) -> float | None:
    """Return when a client left: its goodbye, or the first FIN or RST from either side; None if it stayed."""
    goodbyes = (time for time, line in lines(connection, connection.client) if line == GOODBYE)
    ends = [*goodbyes, *([connection.ending.time] if connection.ending else [])]
    return min(ends, default=None)


def present(history: History, node: str, time: float) -> bool:
    """Tell whether a client had a served connection at that time."""
    return any(_covers(connection, time) for connection in served(history, node))


def _covers(connection: Connection, time: float) -> bool:
    left = left_at(connection)
    return connection.accepted is not None and connection.accepted.time < time and (left is None or left > time)


def lines(connection: Connection, end: End) -> Iterator[tuple[float, str]]:
    """Yield the lines that one end sent, each with the time at which it was complete; empty ones are left out."""
    rest = b""
    for time, data in connection.sent(end):
        *whole, rest = (rest + data).split(b"\n")
        yield from ((time, _text(line)) for line in whole if line.strip())


def messages(history: History, sender: str | None = None) -> list[Message]:
    """Return the messages that clients (or one of them) put on the wire, in order of time, goodbyes left out."""
    found = [
        Message(node, text, time)
        for node in history.nodes(CLIENT)
        if sender in (None, node)
        for connection in served(history, node)
        for time, text in lines(connection, connection.client)
        if text != GOODBYE
    ]
    return sorted(found, key=lambda message: message.time)


def heard(history: History, node: str) -> list[Line]:
    """Return the lines that a client was sent on served connections, in order."""
    said = messages(history)
    return [
        Line(time, line, text, None if text is None else tag(line, text))
        for connection in served(history, node)
        for time, line in lines(connection, connection.server)
        for text in [carried(line, (message.text for message in said if message.time < time))]
    ]


def listeners(history: History, message: Message) -> list[str]:
    """Return the clients that must hear a message: all that were present, but its sender."""
    return [node for node in history.nodes(CLIENT) if node != message.sender and present(history, node, message.time)]


def carried(line: str, texts: Iterable[str]) -> str | None:
    """Return the text that a line carries, or None; the longest, as "me too" is also in "me too, and how"."""
    return max((text for text in texts if text and text in line), key=len, default=None)


def tag(line: str, text: str) -> Tag | None:
    """Return what is left of a line when the message is taken away, or None if the message is not in it."""
    before, found, after = line.rpartition(text)
    return (before, after) if found else None


def tags(history: History, listener: str, text: str) -> list[Tag]:
    """Return the tags under which a listener heard a text, in order."""
    return [line.tag for line in heard(history, listener) if line.text == text and line.tag is not None]


def _text(line: bytes) -> str:
    return line.removesuffix(b"\r").decode("utf-8", "backslashreplace")
