"""SECURITY.md names for each promise the tests that show it: each of them is there."""

import ast
import re

import pytest

from tests.repo.documents import ROOT

PAGE = (ROOT / "SECURITY.md").read_text()
NAMED = re.findall(r"`(tests/[\w/.]+)::(\w+)`", PAGE)


def functions_of(file: str) -> set[str]:
    """Return the names of the test functions and classes at the top of a file."""
    top = ast.parse((ROOT / file).read_text()).body
    return {each.name for each in top if isinstance(each, ast.FunctionDef | ast.ClassDef)}


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_it_is_there(file: str, test: str) -> None:
    assert test in functions_of(file)
    assert test.lower().startswith("test")


def test_every_promise_names_some() -> None:
    promised = PAGE.partition("## What is promised")[2].partition("## What is not promised")[0]
    sections = re.split(r"(?m)^### ", promised)[1:]
    assert len(sections) >= 6
    for section in sections:
        assert re.search(r"`tests/[\w/.]+::\w+`", section), section.splitlines()[0]


@pytest.mark.parametrize("file", ["test_break_out", "test_use_up", "test_control_bytes"])
def test_every_try_stands_on_the_page(file: str) -> None:
    path = f"tests/scenarios/{file}.py"
    tries = {name for name in functions_of(path) if name.startswith("test_")}
    assert tries - {test for named, test in NAMED if named == path} <= {"test_what_is_said_of_a_node_that_is_not_ready"}


def test_the_limits_are_those_of_the_compose_file() -> None:
    compose = (ROOT / "compose.yaml").read_text()
    limits = dict(re.findall(r"^  (pids_limit|mem_limit|ulimits|logging): (.*?)(?: #.*)?$", compose, re.M))
    assert f"| processes and threads | {limits['pids_limit']} |" in PAGE
    assert f"| open files, each process | {re.search(r'[0-9]+', limits['ulimits'])[0]} |" in PAGE  # type: ignore[index]
    assert f"| memory, with no swap | {limits['mem_limit'].removesuffix('m')} MiB |" in PAGE
    size, files = re.findall(r"\d+", limits["logging"].replace("json-file", ""))
    assert files == "2"
    assert f"in two files of {size} MB" in PAGE
