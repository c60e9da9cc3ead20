import pytest

from benchmarks.load import broadcast_lines as lines
from benchmarks.load.broadcast_lines import LINE, LINES, Names, NotAsSentError, judge
from benchmarks.load.broadcast_receiver import ways

BEFORE = b"* you are 2\n* 3 joined\n[1] hello\n[1] hello\n[3] here 2\n"
SENT = b"".join(lines.blocks(2))
OURS = b"".join(lines.blocks(2, b"[1] "))
USER = b"<user5> "


def test_a_block_has_so_many_lines_of_so_many_bytes_each_another() -> None:
    (one, two) = lines.blocks(2)
    assert len(one) == len(two) == LINE * LINES
    every = (one + two).splitlines(keepends=True)
    assert {len(line) for line in every} == {LINE}
    assert len(set(every)) == 2 * LINES
    assert b"~" not in SENT


def test_all_lines_whole_and_named() -> None:
    assert judge(BEFORE + OURS + b"[1] ~\n") == Names(2 * LINES, whole=2 * LINES, named=2 * LINES)


def test_all_lines_whole_and_none_named() -> None:
    assert judge(b"hello\nhere 2\n" + SENT + b"~\n") == Names(2 * LINES, whole=2 * LINES, named=0)


def test_a_name_in_front_of_a_line_and_one_amid_a_line() -> None:
    two = LINE * 2
    stream = USER + SENT[: two + 5] + USER + SENT[two + 5 : 5 * two] + USER + SENT[5 * two :] + USER + b"~\n"
    assert judge(b"<user5> hello\n" + stream) == Names(2 * LINES, whole=2 * LINES - 1, named=2)


def test_a_line_that_is_named_and_broken_is_not_counted_as_whole_and_named() -> None:
    stream = USER + SENT[:30] + USER + SENT[30:] + USER + b"~\n"
    assert judge(stream) == Names(2 * LINES, whole=2 * LINES - 1, named=0)


def test_a_notice_between_lines_is_no_fault() -> None:
    middle = len(OURS) // 2
    assert judge(OURS[:middle] + b"* 6 left\n" + OURS[middle:] + b"[1] ~\n").named == 2 * LINES


@pytest.mark.parametrize(
    "stream",
    [
        OURS[: 68 * 7] + OURS[68 * 8 :],  # a line is missing
        OURS[: 68 * LINES] + OURS[: 68 * LINES],  # the first block came twice, and not the second
        OURS[: 68 * 7] + OURS[68 * 8 : 68 * 9] + OURS[68 * 7 : 68 * 8] + OURS[68 * 9 :],  # two changed places
        OURS.replace(b"fox", b"fax", 1),
        OURS + b"[1] more\n",
        OURS.replace(b"[1] ", b"[2] ").replace(b"[2] ", b"[1] ", 1),  # the name of another
        b"",
    ],
)
def test_what_is_not_as_it_was_sent_is_no_result(stream: bytes) -> None:
    with pytest.raises(NotAsSentError):
        judge(BEFORE + stream + b"[1] ~\n")


def test_a_stamped_line_is_there_when_its_newline_is() -> None:
    one, two, three = (lines.stamped(1_000_000 * number) for number in (1, 2, 3))
    assert len(one) == LINE
    stream = b"[1] hello\n[1] " + one + b"[1] " + two + b"[1] " + three
    arrivals = [(10_000_000, 10 + 68 + 30), (20_000_000, len(stream))]
    assert ways(stream, arrivals) == [9_000, 18_000, 17_000]
