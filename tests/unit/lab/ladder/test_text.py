import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from lab.events import Started
from lab.history import History
from lab.ladder.model import ladder
from lab.ladder.text import draw
from tests.unit.scenarios.exchange import FEW, HISTORIES, history, packet


def text(width: int, of: History) -> list[str]:
    return [line.plain.rstrip() for line in draw(ladder(of), width)]


def chain(length: int) -> History:
    """Return a history of nodes in a row, each of which dials the next."""
    names = [f"forwarder{n}" for n in range(1, length + 1)]
    nodes = {name: f"10.84.1.{n}" for n, name in enumerate(names)}
    started = [Started(time=1, node=n, role="forwarder", addresses={"lab": a}) for n, a in nodes.items()]
    ways = list(nodes.values())
    return History(
        [
            *started,
            *(
                packet(2 + i, ways[i], ways[i + 1], flags=("SYN",), sport=9, dport=8000, seq=1)
                for i in range(length - 1)
            ),
        ]
    )


def test_names_stand_above_their_columns_and_arrows_between_them() -> None:
    lines = text(86, history())
    assert lines[0].split() == ["client", "server", "224.1.1.1", "member"]
    client, server, group, member = (lines[0].index(name) + (len(name) - 1) // 2 for name in lines[0].split())
    call = next(line for line in lines if line.endswith("TCP SYN ACK"))
    assert (call[client], call[server], call[group], call[member]) == ("◀", "┤", "│", "│")
    cast = next(line for line in lines if "UDP" in line)
    assert (cast[client], cast[server], cast[group], cast[member]) == ("│", "├", "▶", "•")


def test_a_line_is_drawn_only_while_the_program_runs() -> None:
    lines = text(86, history())
    client = lines[0].index("client") + 2
    drawn = "".join(line[client] for line in lines if line[2:7].strip().replace(".", "").isdecimal())
    assert drawn == "    ●├◀├◀■├│◆├✕"


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize("nodes", [2, 5, 18])
def test_it_fits_and_names_everybody_at_any_width(width: int, nodes: int) -> None:
    lines = text(width, chain(nodes))
    assert max(map(cell_len, lines)) <= width
    assert all(any(f"forwarder{n}" in line for line in lines) for n in range(1, nodes + 1))


def test_eighteen_columns_have_their_names_in_a_cascade_and_rows_say_who() -> None:
    lines = text(100, chain(18))
    assert lines[:3] == ["         forwarder1", "         │ forwarder2", "         │ │ forwarder3"]
    assert lines[-2].endswith("forwarder17 → forwarder18  TCP SYN :8000")


def test_where_no_columns_fit_it_is_a_list() -> None:
    lines = text(60, chain(18))
    assert "  1.000  forwarder1 → forwarder2  TCP SYN :8000" in lines


@FEW
@given(HISTORIES, st.integers(1, 120))
def test_any_history_is_drawn_within_any_width(any_history: History, width: int) -> None:
    for line in draw(ladder(any_history), width):
        assert line.plain.isprintable()
        assert cell_len(line.plain) <= max(width, 40)
