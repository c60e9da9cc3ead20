"""Both directions of a client's traffic under any order of data, ends of stream and resets, beside a model of them."""

from __future__ import annotations

import random
import socket
from contextlib import ExitStack
from unittest.mock import patch

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services import forwarder_pair
from tests.unit.services.test_forwarder_pair import Bridge, no_pipe, reset

AT_ONCE = (Phase.generate,)  # what fails is told as it was: to make it smaller would take a deadline a try
sides = st.sampled_from(["client", "upstream"])
sizes = st.sampled_from([1, 5, 1000, 65_535, 65_536, 65_537, 300_000])


class PairMachine(RuleBasedStateMachine):
    """Either side sends, ends its stream, or is lost; the other sees just that."""

    spliced = True

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        if not self.spliced:
            self.stack.enter_context(patch.object(forwarder_pair, "Pipe", no_pipe))
        self.bridge = Bridge(self.stack)
        self.random = random.Random(7)  # noqa: S311
        self.is_open = {"client": True, "upstream": True}  # for sending
        self.lost = False

    def ends(self, side: str) -> tuple[socket.socket, socket.socket]:
        one, other = self.bridge.client, self.bridge.upstream
        return (one, other) if side == "client" else (other, one)

    @rule(side=sides, size=sizes)
    def send(self, side: str, size: int) -> None:
        if self.lost or not self.is_open[side]:
            return
        here, there = self.ends(side)
        data, heard = self.random.randbytes(size), b""
        sent = 0
        while len(heard) < size:  # so much at a time that nobody has to wait
            if sent < size:
                sent += here.send(data[sent : sent + 65_536])
            heard += there.recv(1 << 20)
        assert heard == data, "byte for byte"

    @rule(side=sides)
    def end(self, side: str) -> None:
        if self.is_open[side] and not self.lost:
            here, there = self.ends(side)
            here.shutdown(socket.SHUT_WR)
            self.is_open[side] = False
            assert there.recv(1) == b"", "the end of the stream travels"

    @rule(side=sides, size=st.sampled_from([0, 0, 5, 300_000]))
    def be_lost(self, side: str, size: int) -> None:
        """Go by a reset, or by closing with unread bytes, which is one too; what was sent before may be lost, too."""
        if self.lost or not any(self.is_open.values()):
            return
        here, there = self.ends(side)
        if size and self.is_open[side]:
            here.setblocking(False)
            here.send(bytes(size))
        reset(here)
        self.lost = True
        try:
            while there.recv(1 << 20):
                pass
        except ConnectionResetError:
            return
        assert not self.is_open[side], "a stream that did not end is not told to have ended"

    @invariant()
    def it_lives_as_long_as_there_is_something_to_pass_on(self) -> None:
        if self.lost:
            assert self.bridge.join().startswith(("reset", "left"))
        elif not any(self.is_open.values()):
            assert self.bridge.join() == "left"
        else:
            assert not self.bridge.ended

    def teardown(self) -> None:
        self.stack.close()
        self.bridge.join()


class BufferedMachine(PairMachine):
    """The same where the kernel cannot splice."""

    spliced = False


for machine in (PairMachine, BufferedMachine):
    machine.TestCase.settings = settings(max_examples=25, stateful_step_count=12, phases=AT_ONCE)
TestPair = PairMachine.TestCase
TestPairWithoutSplice = BufferedMachine.TestCase
