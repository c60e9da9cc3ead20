"""A multicast group and its members, alone and as the end of the course's whole architecture, for histories."""

from collections.abc import Container

from lab.history import History
from tests.unit.scenarios.histories import Call, Wire

JOIN, LEAVE = "v3 report to-exclude 224.1.1.1", "v3 report to-include 224.1.1.1"


class Group:
    """A sender and receivers; `form` is how a receiver words a line, `igmp` what kernels say on joining and leaving."""

    def __init__(self, form: str = "10.83.0.2 {text}", igmp: tuple[str, str] = (JOIN, LEAVE), end: str = "") -> None:
        self.wire = Wire()
        self.members: list[str] = []
        self._form, self._igmp, self._end = form, igmp, end
        self.wire.node("sender", "multicast-sender")

    def join(self, *names: str) -> "Group":
        """Start receivers that ask for the group."""
        for name in names:
            self.wire.node(name, "multicast-receiver")
            self.member(name)
        return self

    def member(self, name: str) -> None:
        """Let a receiver that runs ask for the group."""
        self.wire.igmp(name, self._igmp[0])
        self.members.append(name)

    def leave(self, name: str) -> "Group":
        """Let a receiver leave; its kernel says so twice, in case the first report is lost."""
        self.members.remove(name)
        self.wire.igmp(name, self._igmp[1])
        self.wire.igmp(name, self._igmp[1])
        return self

    def says(self, *texts: str, deaf: Container[str] = (), twice: Container[str] = ()) -> "Group":
        """Type lines at the sender; every member but the deaf shows each."""
        for text in texts:
            self.wire.typed("sender", text)
            self.wire.multicast("sender", (text + self._end).encode())
            for name in self.members:
                for _ in range((name not in deaf) + (name in twice)):
                    self.shows(name, text)
        return self

    def shows(self, name: str, text: str) -> "Group":
        """Let a receiver show a message."""
        self.wire.printed(name, self._form.format(text=text))
        return self

    def history(self) -> History:
        return self.wire.history()


class Architecture:
    """A broadcast server that publishes, alice behind a forwarder, bob and carol at the server, two receivers."""

    def __init__(self, line: str = "[{id}] {text}", *, clients: tuple[str, ...] = ("bob", "carol")) -> None:
        self.wire = Wire()
        self._line = line
        self.calls: dict[str, Call] = {}
        self.receivers: list[str] = []
        self.wire.node("server", "broadcast-server")
        self.wire.node("forwarder", "forwarder")
        self._through = self.wire.dial("forwarder", "server", 9000)
        self.wire.node("alice", "broadcast-client")
        self.calls["alice"] = self.wire.dial("alice", "forwarder", 8000)
        for name in clients:
            self.wire.node(name, "broadcast-client")
            self.calls[name] = self.wire.dial(name, "server", 9000)

    def join(self, *names: str) -> "Architecture":
        """Start receivers that ask for the group."""
        for name in names:
            self.wire.node(name, "multicast-receiver")
            self.wire.igmp(name, JOIN)
            self.receivers.append(name)
        return self

    def says(
        self, name: str, text: str, *, deaf: Container[str] = (), published: str | None = None, told: str | None = None
    ) -> "Architecture":
        """Let a client say something; `told` and `published` are lines to word it in, if not the usual one."""
        number = 1 + list(self.calls).index(name)
        line = (told or self._line).format(id=number, text=text)
        self.wire.typed(name, text)
        self.calls[name].up(f"{text}\n".encode())
        if name == "alice":
            self._through.up(f"{text}\n".encode())
        for other, call in self.calls.items():
            if other != name and other not in deaf:
                call.down(f"{line}\n".encode())
        heard = (published or self._line).format(id=number, text=text)
        self.wire.multicast("server", heard.encode())
        for receiver in self.receivers:
            if receiver not in deaf:
                self.wire.printed(receiver, f"10.83.0.2 {heard}")
        return self

    def history(self) -> History:
        return self.wire.history()
