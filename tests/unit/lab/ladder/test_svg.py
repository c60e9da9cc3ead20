import re
from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from lab.history import History
from lab.ladder.model import ladder
from lab.ladder.svg import svg
from tests.unit.scenarios.exchange import FEW, HISTORIES, history

SVG = "{http://www.w3.org/2000/svg}"


def parsed(of: History, title: str = "a play") -> ElementTree.Element:
    return ElementTree.fromstring(svg(ladder(of), title))  # noqa: S314  (our own text)


def texts(root: ElementTree.Element) -> list[str]:
    return [t.text or "" for t in root.iter(f"{SVG}text")]


def test_it_says_all_that_the_ladder_says() -> None:
    told = texts(parsed(history()))
    for expected in (
        "a play",
        "client",
        "224.1.1.1",
        "1. Start all three",
        "TCP SYN ACK",
        "1.210",
        "killed with SIGKILL",
    ):
        assert expected in told


def test_what_comes_from_the_wire_is_escaped() -> None:
    drawn = svg(ladder(history()), "<script>")
    assert "TCP PSH ACK 7 B &quot;hi\\x07 &lt;b&gt;&quot;" in drawn
    assert "<script" not in drawn


def test_labels_do_not_overlap_and_stay_in_the_drawing() -> None:
    root = parsed(history())
    width = float(root.attrib["width"])
    papers = [r.attrib for r in root.iter(f"{SVG}rect") if r.get("class") == "paper" and "opacity" in r.attrib]
    boxes = sorted((float(p["y"]), float(p["y"]) + float(p["height"])) for p in papers)
    assert all(above[1] <= below[0] for above, below in pairwise(boxes))
    assert all(float(p["x"]) >= 0 and float(p["x"]) + float(p["width"]) <= width for p in papers)


def test_it_knows_light_and_dark_and_loads_nothing() -> None:
    drawn = svg(ladder(history()), "a play")
    assert "prefers-color-scheme: dark" in drawn
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|@import|<image", drawn)


def test_the_same_history_gives_the_same_drawing() -> None:
    assert svg(ladder(history()), "a play") == svg(ladder(history()), "a play")


@FEW
@given(HISTORIES, st.text())
def test_any_history_gives_well_formed_xml(any_history: History, title: str) -> None:
    assert parsed(any_history, title).tag == f"{SVG}svg"
