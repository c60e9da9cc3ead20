"""A topology file that would like to get elsewhere, by a name, a path or a tag of YAML: one line, with its place."""

import os
from pathlib import Path

import pytest

from lab.errors import UsageError
from lab.state import Wish, chosen

from .conftest import Refuses

ELSEWHERE = [
    "../x", "/etc/passwd", "a/b", "..", ".", "a/../b", "~root", "$HOME", "`id`", "$(id)", "a;b", "a|b", "a b", "a:b",
    "-x", "--privileged", "a\\0b", "a\\nb", "a\\x1b[2Jb", "\\u202eb", "a,b", "a=b", "%2e%2e", "x" * 41,
]  # fmt: skip
FILE = """\
name: {lab}
base: 10.83.0.0/16
networks:
  {network}: {{subnet: 10.83.0.0/24}}
nodes:
  {node}: {{role: broadcast-server}}
  a: {{role: broadcast-client, upstream: {upstream}}}
"""


@pytest.mark.parametrize("name", ELSEWHERE)
@pytest.mark.parametrize(("place", "line"), [("lab", 1), ("network", 4), ("node", 6), ("upstream", 7)])
def test_a_name_is_a_name(refuses: Refuses, place: str, line: int, name: str) -> None:
    words = {"lab": "x", "network": "n", "node": "s", "upstream": "s"} | {place: f'"{name}"'}
    said = refuses(FILE.format(**words)).split("\n")
    assert any(each.startswith(f"{line}: ") for each in said), said
    assert all(each.isprintable() for each in said)


@pytest.mark.parametrize("name", ELSEWHERE)
@pytest.mark.parametrize(
    "entry", ["peer: {}", "after: [{}]", "networks: [{}]", "networks: {{{}: null}}", "anycast: {}", "speaks: [{}]"]
)
def test_what_a_node_names_is_there(refuses: Refuses, entry: str, name: str) -> None:
    said = refuses("x: {role: host, %s}" % entry.format(f'"{name}"')).split("\n")  # noqa: UP031
    assert said[0].startswith("6: ")
    assert all(each.isprintable() for each in said)


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd.py", "a/../../x.py", "a:b.py", "a\\nb.py", "\\u202ex.py", "..", ""]
)
def test_a_program_is_in_the_repository(refuses: Refuses, name: str) -> None:
    said = refuses(f'x: {{role: host, program: "{name}"}}')
    assert said.startswith("6: nodes.x.program: ")
    assert "\n" not in said


def test_a_program_is_not_where_a_link_of_a_folder_leads(refuses: Refuses, tmp_path: Path) -> None:
    (tmp_path / "way").symlink_to(Path(os.__file__).parent)
    said = refuses("x: {role: host, program: way/os.py}")
    assert said == "6: the program of x, way/os.py, links out of the repository; copy it in"


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system [id]",
        "!!python/name:os.system x",
        "!!python/object/new:str [x]",
        "!x y",
        "!!binary eA==",
    ],
)
def test_a_tag_makes_nothing(refuses: Refuses, value: str) -> None:
    said = refuses(f"x: {{role: host, program: {value}}}")
    assert said.startswith("6: ")
    assert "means nothing here" in said


@pytest.mark.parametrize("name", ["../x", "/etc", "a/b", "..", "", "a\x1b[2J", "A"])
def test_a_lab_is_called_by_a_name(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        chosen(name)
    assert str(caught.value).splitlines() == [str(caught.value)]
    assert "take lower-case letters" in str(caught.value)
    with pytest.raises(UsageError, match=r"topology/lab\.yaml:\d+: .* is no name for a lab; "):
        Wish("lab", name=name).load()


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "lab/../../x", "", "..", "\x1b[2J"])
def test_a_topology_with_no_ending_is_one_of_ours(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        Wish(name).load()
    assert str(caught.value).isprintable()
