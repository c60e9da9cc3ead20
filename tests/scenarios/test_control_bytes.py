r"""What a node prints reaches a person's terminal as text: no verb passes on a byte that a terminal would obey.

    loud    prints and is called what no terminal should get: colours, titles, moves, C1, marks that turn the writing
    liar    a packet switch whose tables are such words
    b       sends them as packets, which a play tells of and ladders draw

`make attach` and `make shell` give the terminal itself to the node, and are not meant here: see SECURITY.md.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from lab import console
from lab.bases import free_base
from lab.docker import DockerEngine
from lab.errors import GaveUp
from lab.lab import Lab
from lab.ladder.model import ladder
from lab.ladder.svg import svg
from lab.ladder.text import draw
from lab.switching import tables
from lab.threads import view
from lab.up import _not_ready, up
from lab.waiting import eventually
from scenarios.commentary import Commentary
from scenarios.run import Result, judge
from scenarios.scenario import Scenario
from scenarios.story import story
from topology.plan import Topology, load

pytestmark = pytest.mark.timeout(180)

HOSTILE = "\x1b]0;owned\x07 \x1b[31mred \x1b[2K\x1b[1A\r \x08\x9b31m \x90q\x9c \u202eturned [red] [/red] <script> &"
LAB = """
name: loud
base: 10.83.0.0/16
networks: {lab: {subnet: 10.83.0.0/24}}
nodes:
  loud: {role: host, program: loud.py}
  liar: {role: packet-switch, program: liar.py}
  h: {role: packet-host}
  b: {role: host}
links:
  - {between: [h, liar]}
"""
LOUD = f"""
import ctypes, threading
hostile = {HOSTILE!r}
def named():
    ctypes.CDLL(None).prctl(15, b"\\x1b[31m\\x9b\\r[/red]", 0, 0, 0)
    threading.Event().wait()
threading.Thread(target=named, daemon=True).start()
while True:
    print(hostile, flush=True)
    hostile = input()
"""
LIAR = f"""
import json, socket
wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
wire.bind(("", 6001))
asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asked.bind(("127.0.0.1", 5999))
hostile = {HOSTILE!r}
while True:
    _, who = asked.recvfrom(100)
    told = {{"name": hostile, "routes": {{hostile: {{"via": hostile, "metric": hostile}}}}, "circuits": [],
            "lines": {{hostile: dict.fromkeys(("rate", "delay", "sent", "bytes", "received", "dropped", "queued",
            "most_queued", "reserved"), 0)}}, "drops": {{hostile: 1}}}}
    asked.sendto(json.dumps(told).encode(), who)
"""


def laid_out(folder: Path, name: str, base: str) -> Topology:
    for file, text in (("lab.yaml", LAB), ("loud.py", LOUD), ("liar.py", LIAR)):
        (folder / file).write_text(text)
    return load(folder / "lab.yaml", name=name, base=base, root=folder)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DockerEngine]:
    """Bring the lab up."""
    folder = tmp_path_factory.mktemp("lab")
    engine = DockerEngine(f"socklab-loud-{os.getpid()}")
    try:
        with free_base() as base:
            up(laid_out(folder, engine.lab, base), engine, folder, lambda text: None)
        eventually(lambda: b"owned" in engine.logs("loud"), "the words of loud")
        yield engine
    finally:
        engine.remove()
        engine.close()


def check(text: str, *words: str) -> None:
    """Fail if a terminal would obey any of it, or if it is not what the node said at all."""
    assert all(letter.isprintable() or letter == "\n" for letter in text), repr(text)
    for word in words:
        assert word in text


def test_logs(engine: DockerEngine, capsys: pytest.CaptureFixture[str]) -> None:
    console.logs(engine, "loud")
    check(capsys.readouterr().out, "loud | ", "red", "\\u202eturned")


def test_what_was_said_before_somebody_attaches(
    engine: DockerEngine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(subprocess, "run", lambda *words, **options: None)  # the terminal itself
    console.attach(engine, "loud")
    check(capsys.readouterr().out, "loud: you are at its program", "\\u202eturned")


def test_threads(engine: DockerEngine) -> None:
    assert engine.topology
    out = Console(highlight=False, soft_wrap=True, width=200)
    with out.capture() as capture:
        view.show(engine, engine.topology, "loud", out, once=True)
    check(capture.get(), "\\x1b[31m")


def test_tables(engine: DockerEngine) -> None:
    assert engine.topology
    check(tables.show(engine, engine.topology, "liar"), "owned")


def test_what_is_said_of_a_node_that_is_not_ready(engine: DockerEngine) -> None:
    assert engine.topology
    check(str(_not_ready(engine.topology, engine, "loud")), "turned")


def test_a_play_its_story_and_its_drawings(tmp_path: Path) -> None:
    told: list[str] = []
    commentary = Commentary(lambda line, style: told.append(line))
    with free_base() as base:
        engine = DockerEngine(f"socklab-loud-play-{os.getpid()}")
        lab = Lab(laid_out(tmp_path, engine.lab, base), engine, tmp_path, listener=commentary)
        lab.create()
    send = (
        "import socket, sys; where = sys.stdin.buffer.read();"
        " socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(where, ('loud', 7))"
    )
    with lab:
        with lab.step(f"Start {HOSTILE}"):
            lab.start("loud", "b")
            lab.node("b").run(["python3", "-c", send], data=HOSTILE.encode())
            lab.wait_packet("the words of b", lambda packet: b"owned" in packet.payload)
        with contextlib.suppress(GaveUp), lab.step("Wait for what does not come"):
            lab.node("loud").wait_for("a word that nobody says", within=0.1)
    commentary.end()
    scenario = Scenario("loud", "Nothing is obeyed.", "none", lambda lab: None, ())
    told_of = Result(scenario, tmp_path, lab.history, judge(scenario, lab.history))
    drawing = ladder(lab.history, "a capture", frozenset())
    check("\n".join(told), "loud shows: ", "\\u202eturned")
    check(story(told_of), "DID NOT WORK", "owned")
    check("\n".join(str(line) for line in draw(drawing, 120)), "owned")
    picture = svg(drawing, HOSTILE)
    check(picture.replace("\xa0", " "), "owned")  # a space that is not broken at stands in drawings
    ElementTree.fromstring(picture)  # noqa: S314  (what it is to be safe from is what is tried)
