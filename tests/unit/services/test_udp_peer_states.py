"""How two peers end together, whoever says `exit`, when datagrams are lost or come twice, and time passes as it likes.

Network, clock and server are the test's; each peer runs in its own threads as in the program.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from services import udp_peer
from services.shared.endpoint import Endpoint
from services.udp_peer import State
from tests.unit.services.programs import SECONDS, eventually

AT_ONCE = (Phase.generate,)  # what fails is told as it was: to make it smaller would take a deadline a try
EXIT = b"exit"
sides = st.integers(0, 1)


class Over(BaseException):
    """Ends a thread of a peer: its program, or the test, has ended."""


class Clock:
    """Goes on when it is told to, and wakes who sleeps; at the end of the test it lets nobody sleep."""

    def __init__(self) -> None:
        self._now = 0.0
        self._moved = threading.Condition()
        self.over = False

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        until = self._now + seconds
        with self._moved:
            self._moved.wait_for(lambda: self._now >= until or self.over)
        if self.over:
            raise Over

    def pass_by(self, seconds: float) -> None:
        with self._moved:
            self._now += seconds
            self._moved.notify_all()

    def stop(self) -> None:
        with self._moved:
            self.over = True
            self._moved.notify_all()


class Side:
    """One peer with all that it sees: its terminal, its socket, its link to the server."""

    def __init__(self, machine: PeersMachine, index: int) -> None:
        self.machine, self.index = machine, index
        self.keys: SimpleQueue[bytes | None] = SimpleQueue()
        self.inbox: SimpleQueue[bytes | None] = SimpleQueue()
        self.shown: list[bytes] = []
        self.told: list[str] = []
        self.server_heard: list[bytes] = []
        self.lose = 0  # how many of its next datagrams are lost
        self.twice = False
        self.exits_sent = 0
        self.was_reached = False  # by an `exit` of the other
        self.ended = threading.Event()
        self.is_terminal = False

    # what a peer calls: a terminal, a socket, a link

    def typed(self) -> Iterator[bytes]:
        while (text := self.keys.get()) is not None:
            yield text
        raise Over

    def show(self, lines: bytes) -> None:
        self.shown.append(lines)

    def tell(self, notice: str) -> None:
        self.told.append(notice)

    def receive(self, _peer: Endpoint) -> bytes:
        if (data := self.inbox.get()) is None:
            raise Over
        return data

    def wait_for_first_try(self) -> None:
        """Be there."""

    def leave(self, last_words: bytes) -> None:
        self.server_heard.append(last_words)

    def send(self, data: bytes, peer: Endpoint | None = None) -> Any:
        if peer is None:  # to the server
            self.server_heard.append(data)
            return True
        other = self.machine.sides[1 - self.index]
        self.exits_sent += data == EXIT
        if self.lose:
            self.lose -= 1
        elif not other.ended.is_set():
            other.was_reached = other.was_reached or data == EXIT
            for _ in range(1 + self.twice):
                other.inbox.put(data)
        return ""


class PeersMachine(RuleBasedStateMachine):
    """They talk, and leave."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.sides = [Side(self, 0), Side(self, 1)]
        self.threads: list[threading.Thread] = []
        self.of_thread = threading.local()
        self.typed_exit: set[int] = set()
        machine = self

        class Event(threading.Event):
            def wait(self, timeout: float | None = None) -> bool:
                if timeout is None:  # for ever
                    machine.clock.sleep(float("inf"))
                return super().wait(0.001)

        def start(target: Callable[[], None], side: Side) -> threading.Thread:
            def run() -> None:
                self.of_thread.side = side
                with suppress(Over):
                    target()

            thread = threading.Thread(target=run, daemon=True)
            self.threads.append(thread)
            return thread

        def make_thread(target: Callable[[], None], **_: Any) -> threading.Thread:
            return start(target, self.sides[self.peers.index(cast(Any, target).__self__)])

        def end(_status: int = 0) -> None:
            self.of_thread.side.ended.set()
            raise Over

        links = iter(self.sides)
        self.patches = patch.multiple(
            udp_peer,
            Link=lambda *_: next(links),
            Thread=make_thread,
            end=end,
            time=self.clock,
            threading=SimpleNamespace(Lock=threading.Lock, Event=Event),
        )
        self.patches.start()
        where = Endpoint("peer", 1)
        self.peers = [udp_peer.Peer(cast(Any, s), where, where, cast(Any, s), 1.0) for s in self.sides]
        for side, peer in zip(self.sides, self.peers, strict=True):
            start(peer.run, side).start()

    @rule(which=sides, text=st.sampled_from([b"hello", b"exits", b"a\nb"]))
    def say(self, which: int, text: bytes) -> None:
        here, there = self.sides[which], self.sides[1 - which]
        if self.typed_exit or self.state_of(which) is not State.TALKING:
            return
        copies = 0 if here.lose else 1 + here.twice
        shown = len(there.shown) + copies
        here.keys.put(text)
        eventually(lambda: here.server_heard[-1:] == [text], "the server hears it")
        if self.state_of(1 - which) is State.TALKING:
            eventually(lambda: len(there.shown) == shown, "the other shows what is not lost")
            assert there.shown[shown - copies :] == [text.replace(b"\n", b"?") + b"\n"] * copies

    @rule(which=sides, lost=st.integers(0, 5), answers_lost=st.integers(0, 5))
    def say_exit(self, which: int, lost: int, answers_lost: int) -> None:
        here, there = self.sides[which], self.sides[1 - which]
        if not here.ended.is_set():
            here.lose, there.lose = lost, answers_lost
            self.typed_exit.add(which)
            here.keys.put(EXIT)
            # It repeats it until losses are over, and each time is answered.
            eventually(lambda: there.was_reached or there.ended.is_set() or here.ended.is_set(), "it says so")
            eventually(lambda: there.exits_sent or there.ended.is_set(), "that is answered")

    @rule(which=sides, lose=st.integers(0, 8), twice=st.booleans())
    def change_the_network(self, which: int, lose: int, twice: bool) -> None:
        self.sides[which].lose, self.sides[which].twice = lose, twice

    @rule(seconds=st.sampled_from([0.1, 1.0, 2.0, 6.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock.pass_by(seconds)

    def state_of(self, which: int) -> State:
        return self.peers[which]._state

    def ends_in_time(self, side: Side) -> bool:
        """Let time pass until a peer has ended; it may not have begun to count yet."""
        self.clock.pass_by(1.0)
        return side.ended.is_set()

    def check_the_leaver(self, side: Side, other: Side) -> None:
        """From here on all arrives: it is answered, or the other is gone already, and then it gives up."""
        eventually(lambda: side.exits_sent or side.ended.is_set(), "it says exit")
        eventually(lambda: side.ended.is_set() or side.was_reached or other.ended.is_set(), "it is answered")
        eventually(lambda: self.ends_in_time(side), "who says exit ends")
        assert EXIT in side.server_heard

    def check_the_end(self, side: Side, other: Side) -> None:
        if side.was_reached:
            eventually(lambda: side.ended.is_set() or "the peer said exit" in side.told, "exit is heard")
            eventually(lambda: self.ends_in_time(side), "who hears exit ends")
            assert EXIT in side.server_heard
            assert other.exits_sent
        elif side.ended.is_set():
            assert any("did not answer" in told for told in side.told), "it had no answer, and says so"

    def teardown(self) -> None:
        try:
            for side in self.sides:
                side.lose = 0
            if not self.typed_exit:
                assert not any(side.ended.is_set() or side.exits_sent for side in self.sides), "nobody said exit"
            for which in self.typed_exit:
                self.check_the_leaver(self.sides[which], self.sides[1 - which])
            for which in (0, 1):
                self.check_the_end(self.sides[which], self.sides[1 - which])
        finally:
            self.clock.stop()
            for side in self.sides:
                side.keys.put(None)
                side.inbox.put(None)
            for thread in self.threads:
                thread.join(SECONDS)
            self.patches.stop()
            assert not any(thread.is_alive() for thread in self.threads)


PeersMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=12, phases=AT_ONCE)
TestPeers = PeersMachine.TestCase
