import socket
import threading
import time

from hypothesis import given
from hypothesis import strategies as st

from services.broadcast_member import OutputQueue, after
from services.broadcast_room import Room
from tests.unit.services.programs import eventually

MIB = 1024 * 1024


@given(st.lists(st.binary()), st.data())
def test_what_follows_a_partial_send_is_all_the_rest(chunks: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(chunks)
    size = data.draw(st.integers(0, len(whole)))
    assert b"".join(after(chunks, size)) == whole[size:]


def test_a_queue_hands_out_everything_in_order_and_then_ends() -> None:
    queue = OutputQueue()
    assert queue.put(b"one") and queue.put(b"two")
    assert queue.size == 6
    assert queue.take() == [b"one", b"two"]
    assert queue.size == 6, "what is taken still counts until it is sent"
    queue.sent(6)
    assert queue.size == 0
    queue.put(b"three")
    queue.close()
    assert queue.put(b"too late"), "a closed queue swallows what comes"
    assert queue.take() == [b"three"]
    assert queue.take() == []


def test_one_call_can_send_what_is_taken() -> None:
    queue = OutputQueue()
    for _ in range(1500):
        queue.put(b"x")
    assert [len(queue.take()), len(queue.take())] == [1024, 476]


def test_a_full_queue_takes_nothing_more() -> None:
    queue = OutputQueue()
    for _ in range(16):
        assert queue.put(bytes(MIB))
    assert not queue.put(b"x")


def test_nobody_waits_for_a_client_that_takes_nothing() -> None:
    queue = OutputQueue()
    for _ in range(6):
        queue.put(bytes(MIB))
    queue.wait_for_room()
    begun = time.monotonic()
    for _ in range(100):
        queue.wait_for_room()
    assert time.monotonic() - begun < 0.1


def test_a_sender_waits_for_a_client_that_moves() -> None:
    queue = OutputQueue()
    for _ in range(6):
        queue.put(bytes(MIB))
    waiting = threading.Thread(target=queue.wait_for_room)
    waiting.start()
    queue.sent(MIB)
    assert queue.size > 4 * MIB
    queue.sent(MIB)
    waiting.join()
    assert queue.size == 4 * MIB


def test_two_threads_serve_a_client_and_are_named_for_it() -> None:
    room = Room(limit=5)
    near, far = socket.socketpair()
    with near, far:
        member = room.admit(near)
        assert member
        member.start()
        far.settimeout(5)
        assert far.recv(100) == b"* you are 1\n"
        names = {thread.name for thread in threading.enumerate()}
        assert {"client-1-reader", "client-1-writer"} <= names
        far.shutdown(socket.SHUT_WR)
        assert far.recv(100) == b""
        far.close()
        eventually(lambda: not any("client-1" in thread.name for thread in threading.enumerate()), "both end")
