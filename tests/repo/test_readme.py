"""README.md, CONTRIBUTING.md and docs/ say what is true. What needs an engine: tests/scenarios/test_readme.py."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from scenarios.catalogue import CATALOGUE
from tests.repo.compare import matches
from tests.repo.documents import DOCUMENTS, ROOT, Block, Section, all_sections, links, prose, sections
from tests.repo.generated import PART, PARTS, PROGRAMS, renewed
from tests.repo.session import run
from topology.roles import ROLES, Protocol, Role

SESSIONS = [section for section in all_sections() if section.commands and not section.needs_engine]
BLOCKS = [block for section in all_sections() for block in section.blocks]

NOT_RUN = [
    "make up",  # both are run in the sections below, and make test would run this test
    "make test",
    "make capture FILE=- | wireshark -k -i -",  # opens a window
    "docker compose up --detach",  # would meet the default lab of whoever runs the tests
    "make lint",
    "make test",
    ".venv/bin/python -m tests.repo.generated",  # writes the documents
    "socat -u UDP4-RECV:7030,ip-add-membership=239.84.7.2:0.0.0.0 -",  # guests/third_party_casts.py runs these,
    "socat - UDP4-DATAGRAM:239.84.7.2:7030,ip-multicast-ttl=3",  # when the routers know who is a member
    "iperf -s -u -B 239.84.7.1",
    "iperf -c 239.84.7.1 -u -T 3 -t 1",
    "make chaos",  # takes a minute; make test plays a third of it
    "make chaos MINUTES=30 SEED=7",
    "make fault KIND=delay NODE=bob AMOUNT=100ms~20ms",  # these need netem, which not every kernel has;
    "make fault KIND=duplicate NODE=bob PEER=alice AMOUNT=10%",  # tests/scenarios/test_faults.py tries them where it is
    "make fault KIND=reorder NODE=bob WAY=out AMOUNT=25%",
    "make reliability",  # takes most of an hour, and writes the document
    "make reliability ONLY=hostile",
    "make bench",  # takes minutes, and writes the document
    "make bench ONLY=forwarder",
    ".venv/bin/python -m scenarios.switching.growth --write",  # takes minutes, and writes the document
]


def name(item: Path | Section) -> str:
    return item.title if isinstance(item, Section) else str(item.relative_to(ROOT))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place for the files that a document shows: in the repository, as theirs are."""
    (ROOT / "runs").mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="documents-", dir=ROOT / "runs") as path:
        yield Path(path)


# What is shown is what comes


@pytest.mark.parametrize("section", SESSIONS, ids=name)
def test_session(section: Section, folder: Path) -> None:
    run(section, folder)


def test_what_is_not_run_is_listed() -> None:
    assert [command for block in BLOCKS if block.language == "sh" for command in block.commands] == NOT_RUN


def test_every_block_is_of_a_known_kind() -> None:
    for block in BLOCKS:
        assert block.language in ("console", "sh", "python", "yaml"), block.where
        assert block.language != "console" or block.lines, block.where


def test_role_of_the_smallest_service_is_one() -> None:
    (row,) = (block for block in BLOCKS if block.name == "topology/roles.py")
    role = eval(row.text, {"Role": Role, "Protocol": Protocol})  # noqa: S307
    assert isinstance(role, Role)
    assert any(f"{role.module}".replace(".", "/") + ".py" == block.name for block in BLOCKS)


# Other parts


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_generated_parts_are_what_would_be_generated(path: Path) -> None:
    assert path.read_text() == renewed(path), "run `.venv/bin/python -m tests.repo.generated`"


def test_every_part_stands_somewhere() -> None:
    assert {part for path in DOCUMENTS for part in PART.findall(path.read_text())} == set(PARTS)
    assert {role.module for role in ROLES.values() if role.module} <= set(PROGRAMS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    for link in links(path):
        target, _, part = link.partition("#")
        page = (path.parent / target).resolve()
        assert page.exists(), link
        if part:
            headings = {re.sub(r"[^\w -]", "", s.heading).lower().replace(" ", "-") for s in sections(page)}
            assert part in headings, link


def test_every_page_can_be_reached() -> None:
    reached = {(ROOT / link).resolve() for link in links(ROOT / "README.md")}
    assert set(DOCUMENTS) <= {*reached, ROOT / "README.md"}


def test_make_is_given_verbs_and_variables_that_it_has() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    verbs, variables = set(re.findall(r"^make (\S+)", said, re.M)), set(re.findall(r"\b([A-Z_]+)=", said))
    text = "".join(prose(path) for path in DOCUMENTS)
    shown = [command for block in BLOCKS for command in block.commands] + re.findall(r"`(make [^`]+)`", text)
    for command in (command for command in shown if command.startswith("make ")):
        words = re.sub(r"[][]|\.\.\.", "", command.split(" | ")[0]).split()
        assert words[1] in verbs, command
        assert {word.partition("=")[0] for word in words[2:]} <= variables, command
        for named in (word.partition("=")[2] for word in words if word.startswith("SCENARIO=")):
            assert named in {*CATALOGUE, "greeting"}, command  # that one is in docs/scenarios.md


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_paths_in_the_text_are_there(path: Path) -> None:
    shown = {block.name for block in BLOCKS}
    tops = "|".join(entry.name for entry in ROOT.iterdir() if entry.is_dir() and entry.name[0] not in ".r")
    for named in re.findall(rf"`((?:{tops})/[\w./-]*)`", prose(path)):
        assert named in shown or (ROOT / named).exists(), named


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_page_is_for_any_machine_and_short_lined(path: Path) -> None:
    for line in path.read_text().splitlines():
        assert not re.search(r"/work/|/root/|/tmp/|https?://", line), line
        assert len(line) <= 120 or line.startswith(("|", "![")), line


# The tests themselves


@pytest.mark.parametrize(
    ("shown", "came"),
    [
        (["one", "two"], ["one", "two"]),
        (["up in 5.1 s"], ["up in 12.0 s"]),
        (["[1] hi"], ["[4] hi"]),
        (["* you are 1", "* 2 joined"], ["* you are 3", "* 4 joined"]),
        (["('127.0.0.1', 48390)"], ["('127.0.0.1', 60001)"]),
        (["one", "...", "four"], ["one", "two", "three", "four"]),
        (["one", "...", "two"], ["one", "two"]),
        (["a ... z"], ["a to z"]),
        (["│ bob  │"], ["│ bob      │"]),
        (["^C", "carol:~$"], ["^Ccarol:~$"]),
        (["...", "^C"], ["one", "^Ctwo", "three"]),
        (["one", "...", "^C"], ["one", "^C"]),
        ([], []),
    ],
)
def test_equal_but_for_what_varies(shown: list[str], came: list[str]) -> None:
    assert matches(shown, came)


@pytest.mark.parametrize(
    ("shown", "came"),
    [
        (["one"], ["two"]),
        (["one"], []),
        ([], ["one"]),
        (["one", "two"], ["two", "one"]),
        (["one"], ["one", "two"]),
        (["one", "...", "four"], ["one", "four", "five"]),
        (["one", "^C"], ["one", "^Ctwo"]),
        (["one", "...", "^C"], ["one", "two"]),
        (["16 of 17 nodes"], ["17 of 17 nodes"]),
        (["port 9000"], ["port 9001"]),
        (["[1] hi"], ["hi"]),
        (["10.83.0.2 hi"], ["10.83.0.3 hi"]),
    ],
)
def test_a_difference_is_one(shown: list[str], came: list[str]) -> None:
    assert not matches(shown, came)


def session(*blocks: tuple[str, str]) -> Section:
    return Section(ROOT / "README.md", "a test", [
        Block("console", terminal, tuple(text.splitlines()), f"line {number}")
        for number, (terminal, text) in enumerate(blocks, 1)
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("blocks", "where"),
    [
        ([("", "$ echo one\ntwo")], "line 1"),
        ([("", "$ echo one\none\n$ echo two\none")], "line 1, \\$ echo two"),
        ([("a", "$ echo one\ntwo")], "line 1"),
        ([("a", "$ cat\n> one")], "line 1"),
        ([("a", "$ printf 'one\\ntwo\\n'\none")], "line 1, a|also shows .*two"),
        ([("a", "$ cat")], "still runs"),
    ],
)
def test_a_wrong_session_is_found(blocks: list[tuple[str, str]], where: str, folder: Path,
                                  monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr("tests.repo.session.SECONDS", 0.5)
    with pytest.raises(AssertionError, match=where):
        run(session(*blocks), folder)


def test_a_right_session_passes(folder: Path) -> None:
    run(session(("a", "$ sh -c 'echo ready; exec cat'\nready"), ("", "$ echo one\none"), ("a", "^C")), folder)


def test_a_program_may_talk_until_it_ends(folder: Path) -> None:
    talkative = "$ sh -c 'trap \"echo one; echo two; exit\" INT; echo ready; cat'"
    run(session(("a", f"{talkative}\nready"), ("a", "...\n^C")), folder)


def test_what_is_typed_at_a_shell_is_typed(folder: Path) -> None:
    run(session(("a", """$ python3 -c "print(input('w1:~$ '))"\nw1:~$ one\none""")), folder)
