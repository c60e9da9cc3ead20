"""Charts: round numbers on the axes, and points where their numbers say."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chart import Axis, Chart
from lab.drawing import ticks
from tests.unit.lab.properties import steady

SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = st.integers(-(10**9), 10**9).map(lambda number: number / 1000)


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(chart.svg())  # noqa: S314  (our own text)


def texts(root: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def chart(*series: str, from_zero: bool = True) -> Chart:
    made = Chart("Convergence", Axis("switches", from_zero=from_zero), Axis("time", "ms"))
    for name in series:
        made.add(name, [(8, 40.0), (4, 20.0)], [(30.0, 55.0), (15.0, 25.0)])
    return made


def test_it_says_what_it_shows() -> None:
    said = texts(drawn(chart("guarded", "bare")))
    assert {"Convergence", "switches", "time (ms)", "guarded", "bare", "0", "60"} <= {*said}
    assert "guarded" not in texts(drawn(chart("guarded")))  # one series needs no legend


def test_points_stand_where_their_numbers_say_and_spreads_around_them() -> None:
    root = drawn(chart("one"))
    (near, far) = [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in root.iter(f"{SVG}circle")]
    bottom = next(t for t in root.iter(f"{SVG}text") if t.text == "0" and "end" in t.attrib["class"])
    base, left = float(bottom.attrib["y"]) - 4, 78  # where both axes begin
    assert far[0] - left == pytest.approx(2 * (near[0] - left), abs=0.2)
    assert base - far[1] == pytest.approx(2 * (base - near[1]), abs=0.2)
    bars = [path.attrib["d"] for path in root.iter(f"{SVG}path") if path.get("class") == "spread"]
    assert len(bars) == 2


def test_an_axis_may_begin_where_its_numbers_do() -> None:
    assert texts(drawn(chart("one"))).count("0") == 2
    assert texts(drawn(chart("one", from_zero=False))).count("0") == 1  # that of the other axis


@pytest.mark.parametrize(("reaches", "last"), [(11.0, "12"), (10.0, "10"), (2.0, "8"), (None, "8")])
def test_an_axis_may_go_further_than_its_points(reaches: float | None, last: str) -> None:
    made = Chart("Time", Axis("time", reaches=reaches), Axis("metric"))
    made.add("one", [(0, 1), (8, 16)])
    numbers = [text for text in texts(drawn(made)) if text.isdecimal()]
    assert last in numbers
    assert str(int(last) + 2) not in numbers[numbers.index(last) + 1 :]


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="no point"):
        chart().svg()
    with pytest.raises(ValueError, match="2 points and 1 spreads"):
        chart().add("one", [(1, 1), (2, 2)], [(0, 3)])


def test_a_long_legend_has_several_lines() -> None:
    long = chart(*(f"a series with a long name, number {number}" for number in range(4)))
    places = {t.attrib["y"] for t in drawn(long).iter(f"{SVG}text") if "a series" in (t.text or "")}
    assert len(places) > 1


@steady
@given(NUMBERS, NUMBERS, st.integers(2, 12))
def test_ticks_are_round_cover_all_and_are_not_too_many(one: float, other: float, most: int) -> None:
    low, high = min(one, other), max(one, other) + 1
    found = ticks(low, high, most)
    assert found[0] <= low + 1e-6 * abs(low) and found[-1] >= high - 1e-6 * abs(high)
    assert 2 <= len(found) <= most + 2
    step = found[1] - found[0]
    assert f"{step:.3e}"[0] in "125"


@steady
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=8), st.text())
def test_any_numbers_give_a_drawing(points: list[tuple[float, float]], title: str) -> None:
    made = Chart(title, Axis("x", from_zero=False), Axis("y", from_zero=False))
    made.add(title, points)
    for circle in drawn(made).iter(f"{SVG}circle"):
        assert 70 <= float(circle.attrib["cx"]) <= 640 and 50 <= float(circle.attrib["cy"]) <= 400
