"""Broadcast servers of several makes, and the rooms they serve, for histories of Question 1."""

from collections.abc import Container
from dataclasses import dataclass

from lab.history import History
from tests.unit.scenarios.histories import Call, Wire


@dataclass(frozen=True)
class Make:
    """How one correct broadcast server words things; an empty text means that it says nothing of the kind."""

    line: str = "[{id}] {text}"
    greeting: str = "* you are {id}"
    joined: str = "* {id} joined"
    left: str = "* {id} left"
    full: str = "* server full"
    end: str = "\n"


OURS = Make()
MAKES = {
    "ours": OURS,
    "numbers in angle brackets, silent on joining": Make(line="<{id}> {text}", greeting="", joined=""),
    "names in front": Make(line="{name}: {text}", greeting="Hello {name}", left="{name} has gone", full="No room!"),
    "the tag behind the text": Make(line="{text} ({id})", joined="", left="{id} is off"),
    "the tag around the text": Make(line="{id} says '{text}'", greeting="welcome", left="bye {id}"),
    "lines ended by CR LF": Make(end="\r\n", full="Sorry,\r\nthe server is full."),
}


class Room:
    """A broadcast server and its clients. All behave well unless told otherwise."""

    def __init__(self, make: Make = OURS, *, most: int = 5) -> None:
        self.wire = Wire()
        self.wire.node("server", "broadcast-server")
        self.calls: dict[str, Call] = {}
        self._ids: dict[str, int] = {}
        self._make = make
        self._most = most

    def join(self, *names: str) -> "Room":
        """Start clients that come in one after the other, or are refused."""
        for name in names:
            self.wire.node(name, "broadcast-client")
            self.dial(name)
        return self

    def dial(self, name: str) -> None:
        """Let a client that runs call the server."""
        call = self.wire.dial(name, "server", 9000)
        if len(self.calls) >= self._most:
            self._down(call, self._make.full)
            self.wire.printed(name, self._make.full)
            call.close(by_server=True)
            return
        self._ids[name] = len(self._ids) + 1
        self._down(call, self._word(self._make.greeting, name))
        self._tell(self._word(self._make.joined, name))
        self.calls[name] = call

    def says(
        self, name: str, *texts: str, deaf: Container[str] = (), twice: Container[str] = (), tagged: str | None = None
    ) -> "Room":
        """Let a client say things to all others but the deaf; `tagged` is a way to word the line, if not the usual."""
        for text in texts:
            self.calls[name].up(f"{text}\n".encode())
            line = self._word(tagged if tagged is not None else self._make.line, name, text)
            for other in self.calls:
                if other != name and other not in deaf:
                    self._down(self.calls[other], line)
                if other in twice:
                    self._down(self.calls[other], line)
        return self

    def leave(self, name: str, *, untold: Container[str] = ()) -> "Room":
        """Let a client say exit, be let go by the server, and end."""
        call = self.calls.pop(name)
        call.up(b"exit\n")
        self._tell(self._word(self._make.left, name), untold)
        call.close(by_server=True)
        self.wire.exited(name)
        return self

    def hang_up(self, name: str) -> "Room":
        """Let a client close its connection without a word."""
        call = self.calls.pop(name)
        call.close()
        self._tell(self._word(self._make.left, name))
        self.wire.exited(name)
        return self

    def kill(self, name: str, *, status: int = 137, untold: Container[str] = ()) -> "Room":
        """Kill a client; its kernel resets the connection, as it does when something was left unread."""
        self.wire.fault(name, "killed with SIGKILL")
        self.calls.pop(name).reset()
        self._tell(self._word(self._make.left, name), untold)
        self.wire.exited(name, status)
        return self

    def hears(self, name: str, line: str) -> "Room":
        """Send one client a line of the server's own making."""
        self.calls[name].down(line.encode() + b"\n")
        return self

    def history(self) -> History:
        return self.wire.history()

    def _tell(self, line: str, untold: Container[str] = ()) -> None:
        for name, call in self.calls.items():
            if name not in untold:
                self._down(call, line)

    def _down(self, call: Call, line: str) -> None:
        if line:
            call.down((line + self._make.end).encode())

    def _word(self, form: str, name: str, text: str = "") -> str:
        return form.format(id=self._ids[name], name=name, text=text)


FIVE = ("alice", "bob", "carol", "dave", "erin")
