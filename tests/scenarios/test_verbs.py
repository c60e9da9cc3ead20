"""The verbs of the Makefile, on the default lab under a name and subnet of its own."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from lab.bases import free_base
from lab.docker.proc import beside
from lab.passing import passing
from lab.state import recall
from lab.terminal import Terminal
from lab.threads.proc import threads
from lab.threads.words import names, place
from lab.waiting import eventually
from tests.scenarios.pty_stream import ROOT, PtyStream

NAME = f"socklab-verbs-{os.getpid()}"
CTRL_RIGHT_BRACKET = b"\x1d"
PCAPNG = bytes.fromhex("0a0d0d0a")


def make(*words: str, status: int = 0) -> str:
    """Run make on this test's lab; return what it said."""
    done = subprocess.run(
        ["make", *words, f"NAME={NAME}"],
        cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert bool(done.returncode) == bool(status), said
    return said


@pytest.fixture(scope="module")
def engine() -> Iterator[docker.DockerClient]:
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture(scope="module", autouse=True)
def up() -> Iterator[str]:
    """The lab, up; and gone at the end, whatever happened."""
    with passing(NAME) as settled:
        try:
            with free_base() as base:
                said = make("up", f"SUBNET_BASE={base}")
            yield said
        finally:
            make("down")
        settled()


def ours(engine: docker.DockerClient) -> dict[str, str]:
    found = engine.containers.list(all=True, filters={"label": f"socklab.lab={NAME}"})
    return {container.name or "": container.attrs["State"]["StartedAt"] for container in found}


def test_up_says_who_is_ready_and_who_was_refused(up: str) -> None:
    assert "16 of 17 nodes ready" in up
    assert "frank: refused" in up
    assert "make attach NODE=alice" in up


def test_up_twice_changes_nothing(engine: docker.DockerClient) -> None:
    before = ours(engine)
    assert "16 of 17 nodes ready" in make("up", *base_of(engine))
    assert ours(engine) == before


def base_of(engine: docker.DockerClient) -> list[str]:
    subnet = engine.networks.list(filters={"label": f"socklab.lab={NAME}"})[0].attrs["IPAM"]["Config"][0]["Subnet"]
    return [f"SUBNET_BASE={subnet.rsplit('/', 1)[0]}/16"]


def test_status_and_map_name_every_node(engine: docker.DockerClient) -> None:
    status, drawing = make("status"), make("map")
    for container in ours(engine):
        node = container.removeprefix(f"{NAME}-").removesuffix("-1")
        assert re.search(rf"^{node} .*(ready|refused)", status, re.MULTILINE)
        assert node in drawing
    assert "running" in drawing


def test_two_people_talk_and_the_receivers_hear_them() -> None:
    alice = Terminal("alice", PtyStream("make", "attach", "NODE=alice", f"NAME={NAME}"))
    bob = Terminal("bob", PtyStream("make", "attach", "NODE=bob", f"NAME={NAME}"))
    try:
        for person in (alice, bob):
            person.wait_for("Ctrl-] leaves")

        def heard() -> bool:  # what is said while bob's terminal is still being attached, he does not see
            alice.type("over the wire\n")
            return re.search(r"\[\d+\] over the wire", bob.transcript) is not None

        eventually(heard, "alice's words at bob", every=0.2)
        eventually(lambda: "over the wire" in make("logs", "NODE=receiver1"), "the word at receiver1")
        alice.type(CTRL_RIGHT_BRACKET)
        alice.wait_for("left; its program goes on")
        alice.wait_for_end()
        bob.type("still there?\n")
        eventually(lambda: "still there?" in make("logs", "NODE=alice"), "the word at alice, whom nobody attends")
    finally:
        bob.close()
        alice.close()


def test_attach_starts_a_program_that_has_ended() -> None:
    first = Terminal("p3client", PtyStream("make", "attach", "NODE=p3client", f"NAME={NAME}"))
    first.wait_for("Ctrl-] leaves")
    first.type("exit\n")
    first.wait_for("has ended")
    first.wait_for_end()
    second = Terminal("p3client", PtyStream("make", "attach", "NODE=p3client", f"NAME={NAME}"))
    try:
        second.wait_for("started again")
        second.wait_for("connected")
        second.type("again\n")
        eventually(lambda: "again" in make("logs", "NODE=p3server"), "the word at p3server")
        second.type(CTRL_RIGHT_BRACKET)
        second.wait_for("goes on")
    finally:
        second.close()
        first.close()


def test_shell_opens_a_shell() -> None:
    shell = Terminal("shell", PtyStream("make", "shell", "NODE=carol", f"NAME={NAME}"))
    try:
        shell.wait_for("carol")
        shell.type("hostname -i\n")
        shell.wait_for(re.compile(r"10\.\d+\.0\.5"))
        shell.type("exit\n")
        shell.wait_for_end()
    finally:
        shell.close()


def test_threads_shows_what_each_does_once() -> None:
    title, *rows = make("threads", "NODE=server").splitlines()
    assert title.startswith("server, 13 threads: python3 -m services.broadcast_server")
    assert [row for row in rows if re.match(r"python3 \(main\) +blocked +accept on port 9000 ", row)]
    assert [row for row in rows if re.match(r"client-\d-reader +blocked +recv from alice ", row)]


def test_threads_on_a_terminal_goes_on_until_ctrl_c() -> None:
    live = Terminal("threads", PtyStream("make", "threads", "NODE=p3server", f"NAME={NAME}"))
    try:
        live.wait_for("recv from forwarder3", count=2)
        live.type(b"\x03")
        live.wait_for_end()
    finally:
        live.close()


def test_threads_are_the_same_from_beside_a_node(engine: docker.DockerClient) -> None:
    container = engine.containers.get(f"{NAME}-server-1")
    texts = beside(engine, str(container.id), "socklab-tap", {"socklab.lab": NAME})
    nodes = names(recall(NAME))
    shown = make("threads", "NODE=server")
    assert texts
    for thread in threads(texts):
        assert re.search(rf"{thread.name} .*{re.escape(place(thread, nodes))} ", shown), thread


@pytest.mark.parametrize("verb", ["attach", "shell", "logs", "threads"])
def test_a_wrong_node_lists_the_right_ones(verb: str) -> None:
    said = make(verb, "NODE=alicia", status=2)
    assert "alicia" in said
    assert "alice" in said
    assert "Traceback" not in said


def test_capture_writes_pcapng(tmp_path: Path) -> None:
    file = tmp_path / "lab.pcapng"
    stream = PtyStream("make", "capture", f"FILE={file}", f"NAME={NAME}")
    terminal = Terminal("capture", stream)
    talk = Terminal("dave", PtyStream("make", "attach", "NODE=dave", f"NAME={NAME}"))
    try:
        terminal.wait_for("Ctrl-C ends it")
        talk.wait_for("Ctrl-] leaves")
        eventually(lambda: file.exists() and file.stat().st_size > 0, "the file's header")
        talk.type("captured word\n")
        eventually(lambda: b"captured word" in file.read_bytes(), "the word in the capture")
        terminal.type(b"\x03")
        terminal.wait_for("bytes of pcapng")
        talk.type(CTRL_RIGHT_BRACKET)
        talk.wait_for("goes on")
    finally:
        talk.close()
        terminal.close()
    assert file.read_bytes().startswith(PCAPNG)


def test_capture_to_standard_output_ends_with_its_reader(engine: docker.DockerClient) -> None:
    with subprocess.Popen(
        ["make", "capture", "FILE=-", f"NAME={NAME}"], cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read(4) == PCAPNG
        os.killpg(process.pid, signal.SIGINT)
    eventually(
        lambda: (
            not [
                c
                for c in engine.containers.list(filters={"ancestor": "socklab-tap"})
                if c.labels["socklab.lab"] == NAME
            ]
        ),
        "the capture's container gone",
    )


def test_down_leaves_nothing_of_ours_and_all_that_is_others(engine: docker.DockerClient) -> None:
    stranger = engine.containers.create("socklab-node", name=f"stranger-{os.getpid()}")
    try:
        said = make("down")
        stranger.reload()
    finally:
        stranger.remove()
    assert "17 nodes removed" in said
    assert not ours(engine)
    assert not engine.networks.list(filters={"label": f"socklab.lab={NAME}"})
    assert "not up" in make("attach", "NODE=alice", status=1)
