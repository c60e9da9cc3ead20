from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import broadcast_output
from services.broadcast_output import Output, after
from tests.unit.services.programs import SECONDS, eventually

KIB = 1024
MIB = 1024 * KIB
SHORT = 16 * KIB
LAGGING = 4 * MIB


class Client:
    """An output and the other end of its connection, which has little room of its own."""

    def __init__(self) -> None:
        self.near, self.far = socket.socketpair()
        self.near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * KIB)
        self.far.settimeout(SECONDS)
        self.output = Output(self.near)
        self.writer = threading.Thread(target=self.output.drain, daemon=True)

    def say(self, chunk: bytes) -> None:
        assert self.output.put(chunk)
        self.output.push()

    def hears(self, size: int) -> bytes:
        heard = bytearray()
        while len(heard) < size:
            chunk = self.far.recv(size - len(heard))
            assert chunk, f"the end after {len(heard)} bytes"
            heard += chunk
        return bytes(heard)

    def hears_nothing(self) -> bool:
        """Whether nothing, or the end, is there to be read."""
        return not select.select([self.far], [], [], 0)[0] or not self.far.recv(1)


@pytest.fixture
def client() -> Iterator[Client]:
    with opened() as client:
        yield client


@contextmanager
def opened() -> Iterator[Client]:
    client = Client()
    with ExitStack() as stack:
        stack.enter_context(client.near)
        stack.enter_context(client.far)
        yield client
        client.output.cut("the test is over")
        if client.writer.ident is not None:
            client.writer.join(SECONDS)
            assert not client.writer.is_alive()


@given(st.lists(st.binary()), st.data())
def test_what_follows_a_partial_send_is_all_the_rest(chunks: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(chunks)
    size = data.draw(st.integers(0, len(whole)))
    assert b"".join(after(chunks, size)) == whole[size:]


def test_what_is_short_is_sent_by_who_brings_it(client: Client) -> None:
    client.say(b"one\n")  # there is no writer yet
    assert client.hears(4) == b"one\n"
    assert client.output.size == 0
    client.say(b"two\n")
    assert client.hears(4) == b"two\n"


def test_what_is_put_waits_until_it_is_pushed(client: Client) -> None:
    client.output.put(b"one\n")
    assert client.hears_nothing()
    assert client.output.size == 4


def test_what_is_long_is_left_to_the_writer(client: Client) -> None:
    chunk = bytes(SHORT + 1)
    client.say(chunk)
    client.say(b"behind it")
    assert client.hears_nothing()
    client.writer.start()
    assert client.hears(len(chunk) + 9) == chunk + b"behind it"
    eventually(lambda: client.output.size == 0, "all is counted as sent")


def test_a_client_that_takes_nothing_holds_nobody_up_and_misses_nothing(client: Client) -> None:
    chunks = [b"%07d\n" % number * 1000 for number in range(200)]
    for chunk in chunks:
        client.say(chunk)  # it would block here, since there is room for a few of them
    assert client.output.size > 100 * 8000
    client.writer.start()
    assert client.hears(len(chunks) * 8000) == b"".join(chunks)
    eventually(lambda: client.output.size == 0, "all is counted as sent")
    client.say(b"short again")
    assert client.hears(11) == b"short again"


def test_bytes_leave_in_the_order_in_which_they_were_put(client: Client) -> None:
    client.writer.start()
    room = threading.Lock()
    put: list[bytes] = []

    def talk(who: int) -> None:
        for number in range(500):
            chunk = b"%d %d\n" % (who, number) * (1 + (number * who) % 50)
            with room:
                put.append(chunk)
                assert client.output.put(chunk)
            client.output.push()

    heard = bytearray()

    def listen() -> None:
        while chunk := client.far.recv(1000):
            heard.extend(chunk)

    threads = [threading.Thread(target=talk, args=(who,)) for who in (1, 3, 7)]
    listening = threading.Thread(target=listen)
    for thread in (*threads, listening):
        thread.start()
    for thread in threads:
        thread.join()
    client.output.close()
    client.writer.join(SECONDS)
    client.near.shutdown(socket.SHUT_WR)
    listening.join()
    assert bytes(heard) == b"".join(put)


class Interrupted:
    """A connection of which each call to send is interrupted by another thread that has something to say, too."""

    def __init__(self, others: list[bytes]) -> None:
        self.others = others
        self.sent = b""
        self.output = Output(cast(socket.socket, self))

    def sendmsg(self, chunks: list[bytes], _: tuple[()], flags: int) -> int:
        assert flags == socket.MSG_DONTWAIT
        if self.others:
            self.output.put(self.others.pop(0))
            self.output.push()  # comes back at once: whoever sends now sees to this, too
        self.sent += b"".join(chunks)
        return sum(map(len, chunks))

    def fileno(self) -> int:
        return 1

    def shutdown(self, _: int) -> None:
        """Nothing to do."""


def test_what_comes_while_another_thread_sends_is_left_to_the_writer_and_in_order() -> None:
    connection = Interrupted([b"two "])
    connection.output.put(b"one ")
    connection.output.push()
    assert connection.sent == b"one "
    connection.output.close()
    connection.output.drain()
    assert connection.sent == b"one two "


def test_a_full_queue_takes_nothing_more(client: Client) -> None:
    for _ in range(16):
        assert client.output.put(bytes(MIB))
    assert not client.output.put(b"x")


def test_nobody_waits_twice_for_a_client_that_takes_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float | None] = []
    wait = threading.Condition.wait

    def counted(condition: threading.Condition, timeout: float | None = None) -> bool:
        waits.append(timeout)
        return wait(condition, timeout)

    client.say(bytes(LAGGING + 1))
    monkeypatch.setattr(threading.Condition, "wait", counted)
    client.output.wait_for_room()
    patient = len(waits)
    client.output.wait_for_room()
    assert len(waits) == patient
    client.output._moved = time.monotonic() + 0.01  # it has just taken something
    client.output.wait_for_room()
    assert len(waits) > patient


def test_a_sender_waits_for_a_client_that_moves(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_output, "_PATIENCE_SECONDS", SECONDS)
    client.writer.start()
    client.say(bytes(2 * LAGGING))
    sizes: list[int] = []

    def wait() -> None:
        client.output.wait_for_room()
        sizes.append(client.output.size)

    waiting = threading.Thread(target=wait)
    waiting.start()
    client.hears(2 * LAGGING)
    waiting.join()
    assert sizes[0] <= LAGGING


def test_what_is_queued_is_still_sent_when_it_is_closed(client: Client) -> None:
    client.writer.start()
    chunk = bytes(MIB)
    client.say(chunk)
    client.output.close()
    client.say(b"too late: it is swallowed")
    assert client.hears(MIB) == chunk
    client.writer.join(SECONDS)
    assert not client.writer.is_alive()
    assert client.hears_nothing()


def test_nobody_sends_when_the_writer_has_ended(client: Client) -> None:
    client.output.put(b"last words")  # and not pushed
    client.output.close()
    client.writer.start()
    client.writer.join(SECONDS)
    assert not client.writer.is_alive()
    assert client.hears(10) == b"last words"
    client.output.push()
    client.output.close()
    assert client.hears_nothing()


def test_cut_while_its_writer_waits_for_it_the_writer_ends(client: Client) -> None:
    client.writer.start()
    client.say(bytes(MIB))
    eventually(lambda: client.output.size < MIB, "the writer has begun")
    client.output.cut("slow")
    client.output.cut("another reason")
    client.writer.join(SECONDS)
    assert not client.writer.is_alive()
    assert client.output.cut_because == "slow"


def test_cut_ends_the_wait_of_a_sender(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_output, "_PATIENCE_SECONDS", threading.TIMEOUT_MAX / 2)
    client.say(bytes(LAGGING + 1))
    waiting = threading.Thread(target=client.output.wait_for_room, daemon=True)
    waiting.start()
    client.output.cut("slow")
    waiting.join(SECONDS)
    assert not waiting.is_alive()


def test_a_client_that_is_gone_is_cut_off_and_troubles_nobody(client: Client) -> None:
    client.far.close()
    client.say(b"hello?")
    assert client.output.cut_because == "nothing can be sent to it any more: Broken pipe"
    client.say(b"hello?")
    client.output.drain()
