from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from topology.untangle import Columns, untangle

columns = st.lists(st.integers(1, 5), min_size=1, max_size=4).map(
    lambda sizes: [[f"{i}-{place}" for place in range(size)] for i, size in enumerate(sizes)]
)


def crossings(found: Columns, lines: set[tuple[str, str]]) -> int:
    """Count which lines cross, one pair after the other."""
    place = {name: (i, k) for i, column in enumerate(found) for k, name in enumerate(column)}
    ends = [sorted((place[one], place[other])) for one, other in lines if place[one][0] != place[other][0]]
    return sum(
        one[0][0] == other[0][0] and (one[0][1] - other[0][1]) * (one[1][1] - other[1][1]) < 0
        for one, other in combinations(ends, 2)
    )


def both_ways(lines: set[tuple[str, str]], names: list[str]) -> dict[str, list[str]]:
    return {name: sorted({b if a == name else a for a, b in lines if name in (a, b)}) for name in names}


@given(columns, st.data())
def test_all_boxes_stay_in_their_columns_and_no_more_lines_cross(given_: Columns, data: st.DataObject) -> None:
    near = [pair for one, other in pairwise(given_) for pair in ((a, b) for a in one for b in other)]
    lines = data.draw(st.sets(st.sampled_from(near)) if near else st.just(set[tuple[str, str]]()))
    neighbours = both_ways(lines, [name for column in given_ for name in column])
    found = untangle(given_, neighbours)
    assert [sorted(column) for column in found] == [sorted(column) for column in given_]
    assert crossings(found, lines) <= crossings(given_, lines)
    assert found == untangle(given_, neighbours)


def test_what_need_not_cross_does_not() -> None:
    lines = {("a", "d"), ("b", "c"), ("d", "f"), ("c", "e")}
    found = untangle([["a", "b"], ["c", "d"], ["e", "f"]], both_ways(lines, [*"abcdef"]))
    assert crossings(found, lines) == 0


def test_neighbours_in_a_column_are_side_by_side() -> None:
    (found,) = untangle([["a", "b", "c", "d"]], both_ways({("a", "c"), ("c", "b"), ("b", "d")}, [*"abcd"]))
    assert found in (["a", "c", "b", "d"], ["d", "b", "c", "a"])
