import socket
import threading
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.shared.lines import LONGEST_LINE, LineTooLongError, batches, before_exit, tag

a_line = st.binary().filter(lambda line: b"\n" not in line)
some_lines = st.lists(a_line | st.sampled_from([b"exit", b"exit ", b" exit", b"exits", b""]), min_size=1)


def joined(lines: Sequence[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def read_all(data: bytes, longest: int = LONGEST_LINE) -> list[bytes]:
    """Send `data` through a connection and return the batches that come out."""
    near, far = socket.socketpair()
    with near, far:

        def send() -> None:
            far.sendall(data)
            far.shutdown(socket.SHUT_WR)

        sending = threading.Thread(target=send)
        sending.start()
        try:
            return list(batches(near, longest))
        finally:
            while near.recv(65536):
                pass
            sending.join()


@given(some_lines, st.integers(1, 10**9))
def test_a_batch_is_tagged_as_line_by_line(lines: list[bytes], number: int) -> None:
    assert tag(joined(lines), number) == joined([b"[%d] %s" % (number, line) for line in lines])


@given(some_lines)
def test_exit_cuts_where_a_loop_would_stop(lines: list[bytes]) -> None:
    before = lines[: lines.index(b"exit")] if b"exit" in lines else lines
    assert before_exit(joined(lines)) == (joined(before), b"exit" in lines)


@pytest.mark.parametrize("data", [b"", b"one\n", b"one\ntwo\n", b"\n\n", b"x" * 60_000 + b"\n" + b"y" * 60_000 + b"\n"])
def test_lines_come_out_whole(data: bytes) -> None:
    out = read_all(data)
    assert b"".join(out) == data
    assert all(batch.endswith(b"\n") for batch in out)


def test_pending_text_at_the_end_is_a_line() -> None:
    assert b"".join(read_all(b"one\ntw")) == b"one\ntw\n"


def test_the_longest_line_passes() -> None:
    data = b"first\n" + b"x" * LONGEST_LINE + b"\n" + b"last\n"
    assert b"".join(read_all(data)) == data


@pytest.mark.parametrize("ending", [b"\n", b"", b"\nmore\n"])
def test_one_byte_more_is_too_long_however_it_ends(ending: bytes) -> None:
    with pytest.raises(LineTooLongError):
        read_all(b"x" * (LONGEST_LINE + 1) + ending)


@given(st.lists(st.integers(0, 12).map(lambda size: b"x" * size)), st.sampled_from([b"", b"begun", b"begun, long"]))
def test_all_up_to_a_line_that_is_too_long_comes_out(lines: list[bytes], begun: bytes) -> None:
    near, far = socket.socketpair()
    with near, far:
        far.sendall(joined(lines) + begun)
        far.close()
        out = b""
        too_long = False
        try:
            for batch in batches(near, longest=5):
                out += batch
        except LineTooLongError:
            too_long = True
    all_lines = [*lines, begun] if begun else lines
    good = next((place for place, line in enumerate(all_lines) if len(line) > 5), len(all_lines))
    assert out == joined(all_lines[:good])
    assert too_long is (good < len(all_lines))


def test_batches_survive_any_cut_of_the_stream() -> None:
    near, far = socket.socketpair()
    out: list[bytes] = []
    with near, far:
        reading = threading.Thread(target=lambda: out.extend(batches(near)))
        reading.start()
        for byte in b"one\r\ntwo\nthree":
            far.send(bytes([byte]))
        far.shutdown(socket.SHUT_WR)
        reading.join()
    assert b"".join(out) == b"one\r\ntwo\nthree\n"
