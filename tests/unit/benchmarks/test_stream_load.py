"""The programs that send streams and small messages: what they send, and that they see what is wrong."""

import socket
import threading
from collections.abc import Iterator

import pytest

from benchmarks.load import stream_content as content
from benchmarks.load.stream_ping_pong import SIZE, Player, play
from benchmarks.load.stream_receiver import receive

SECONDS = 10.0


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        content.dial(listener.getsockname()) as one,
        listener.accept()[0] as two,
    ):
        one.settimeout(SECONDS)
        yield one, two


def received(ends: tuple[socket.socket, socket.socket], stream: bytes) -> int:
    one, two = ends

    def send() -> None:
        one.sendall(stream)
        one.shutdown(socket.SHUT_WR)

    sending = threading.Thread(target=send)
    sending.start()
    try:
        return receive(two)
    finally:
        two.close()
        sending.join(SECONDS)


def test_a_whole_stream_is_counted(ends: tuple[socket.socket, socket.socket]) -> None:
    assert received(ends, content.block() * 2 + content.block()[:1000]) == 2 * content.BLOCK_SIZE + 1000


@pytest.mark.parametrize("place", [0, content.BLOCK_SIZE - 1, content.BLOCK_SIZE, 2 * content.BLOCK_SIZE + 500])
def test_a_wrong_byte_is_seen_wherever_it_is(ends: tuple[socket.socket, socket.socket], place: int) -> None:
    stream = bytearray(content.block() * 2 + content.block()[:1000])
    stream[place] ^= 1
    with pytest.raises(SystemExit, match=f"byte {place} of the stream is not what was sent"):
        received(ends, bytes(stream[: place + 1]))


@pytest.mark.parametrize("size", [4096, 65536, 1 << 20])
def test_buffers_that_changed_places_are_seen(ends: tuple[socket.socket, socket.socket], size: int) -> None:
    stream = content.block() * (2 * size // content.BLOCK_SIZE + 1)
    with pytest.raises(SystemExit, match="is not what was sent"):
        received(ends, (stream[size : 2 * size] + stream[:size])[: content.BLOCK_SIZE])


def test_a_message_that_comes_back_changed_is_seen(ends: tuple[socket.socket, socket.socket]) -> None:
    one, two = ends
    player = Player(one)
    player.serve()
    two.sendall(two.recv(SIZE)[::-1])
    with pytest.raises(SystemExit, match="came back"):
        player.catch()


def test_a_message_may_come_back_in_pieces(ends: tuple[socket.socket, socket.socket]) -> None:
    one, two = ends
    player = Player(one)
    player.serve()
    message = two.recv(SIZE)
    two.sendall(message[:10])
    assert player.catch() is None
    two.sendall(message[10:])
    trip = player.catch()
    assert trip is not None and trip > 0


def test_each_message_waits_for_the_one_before(ends: tuple[socket.socket, socket.socket]) -> None:
    one, two = ends
    heard: list[bytes] = []

    def echo() -> None:
        while message := two.recv(10 * SIZE):
            heard.append(message)
            two.sendall(message)

    echoing = threading.Thread(target=echo)
    echoing.start()
    trips = play([Player(one)], 0.01)
    one.shutdown(socket.SHUT_WR)
    echoing.join(SECONDS)
    assert len(trips) == len(heard) == len(set(heard)) > 0
    assert {len(message) for message in heard} == {SIZE}
