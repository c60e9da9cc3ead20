"""The shell that sets a machine up, run with stand-ins for docker and for the user's identity.

Nothing here starts an engine, installs anything, or leaves the test's own folder.
"""

import os
import pty
import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from lab.waiting import eventually

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "setup").glob("*.sh"))
NO_ENGINE = "echo 'Cannot connect to the Docker daemon' >&2; exit 1"
A_USER = "[ $# -eq 0 ] || [ $1 = -u ] && echo 1000 || echo student"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what is tested, in a folder whose name must be quoted, with room for stand-ins in bin/."""
    copy = tmp_path / "a checkout"
    shutil.copytree(ROOT / "setup", copy / "setup")
    shutil.copy(ROOT / "Makefile", copy)
    (copy / "bin").mkdir()
    (copy / "runs").mkdir()
    return copy


@pytest.fixture
def run(checkout: Path) -> Run:
    """Runs a command in the checkout with the given stand-ins: name of a command -> shell text."""

    def run(*command: str, env: dict[str, str] | None = None, **stand_ins: str) -> subprocess.CompletedProcess[str]:
        for name, text in stand_ins.items():
            program = checkout / "bin" / name
            program.write_text(f"#!/bin/sh\n{text}\n")
            program.chmod(0o755)
        path = f"{checkout / 'bin'}:/usr/bin:/bin"
        return subprocess.run(
            command,
            cwd=checkout,
            env={"PATH": path, "HOME": str(checkout), **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return run


def in_common(script: str) -> tuple[str, str, str]:
    """The command that runs SCRIPT with what the steps share."""
    return ("sh", "-euc", f". setup/common.sh; {script}")


# The scripts themselves


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_posix_shell_reads_the_script(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_shellcheck_finds_nothing() -> None:
    scripts = [path.relative_to(ROOT) for path in SCRIPTS]
    found = subprocess.run(
        ["shellcheck", "-x", *scripts, ".ci/run"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert not found.stdout


def test_unknown_step_is_named(run: Run) -> None:
    result = run("sh", "setup/run.sh", "engin")
    assert (result.returncode, result.stderr) == (2, "setup/run.sh: no step engin\n")


# One line for each thing done


def test_what_was_done_is_one_line_and_its_output_is_in_the_log(run: Run, checkout: Path) -> None:
    result = run(*in_common("work 'Counting sheep' echo one two"))
    assert result.stderr == "Counting sheep ... 0 s\n"
    assert result.stdout == ""
    assert "one two" in (checkout / "runs/setup.log").read_text()


def test_failure_shows_the_end_of_its_own_output_and_ends_the_set_up(run: Run) -> None:
    script = "bad() { echo first; false; echo never; }; work Fine echo earlier; work Counting bad; echo never"
    result = run(*in_common(script))
    assert result.returncode == 1
    assert "Counting ... failed after 0 s\n" in result.stderr
    assert "    first\n" in result.stderr
    assert "runs/setup.log" in result.stderr
    assert "earlier" not in result.stderr
    assert "never" not in result.stderr + result.stdout


@pytest.mark.parametrize(
    ("version", "floor", "enough"),
    [
        ("2.26.1-4", "2.20", True),
        ("v2.20.0", "2.20", True),
        ("5.0.1", "2.20", True),
        ("20.10.24+dfsg1", "20.10", True),
        ("2.19.1", "2.20", False),
        ("1.29.2", "2.20", False),
        ("2.3", "2.20", False),
        ("(none)", "2.20", False),
        ("", "2.20", False),
    ],
)
def test_versions_compare_as_numbers(run: Run, version: str, floor: str, enough: bool) -> None:
    result = run(*in_common(f"if at_least '{version}' {floor}; then echo yes; else echo no; fi"))
    assert (result.stdout, result.stderr) == ("yes\n" if enough else "no\n", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_an_interrupted_set_up_ends_what_it_has_started_and_clears_up(checkout: Path, number: signal.Signals) -> None:
    script = (
        "slow() { mkdir scratch; remove_at_end \"$PWD/scratch\"; sh -c 'echo $$ >child; sleep 100; :'; }; "
        "trap 'give_up 9' HUP INT TERM; work 'Counting sheep' slow; echo never"
    )
    with subprocess.Popen(
        ["env", "--default-signal", *in_common(script)], cwd=checkout, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        child = checkout / "child"
        eventually(lambda: child.exists() and child.read_text().strip(), "the child")
        process.send_signal(number)
        said = process.communicate()
    assert process.returncode == 9
    assert re.fullmatch(r"Counting sheep \.\.\. interrupted after \d+ s; run make again to go on\n", said[1])
    assert not said[0]
    assert not (checkout / "scratch").exists()
    gone = Path(f"/proc/{child.read_text().strip()}/cmdline")
    eventually(lambda: not gone.exists() or not gone.read_text(), "the end of the child")


# The question before installing


def read(terminal: IO[bytes]) -> str:
    """Return what comes next; nothing at the end, which Linux tells by an error."""
    try:
        return terminal.read(4096).decode()
    except OSError:
        return ""


@pytest.mark.parametrize(("answer", "goes_on"), [("\n", True), ("y\n", True), ("n\n", False), ("\x04", False)])
def test_on_a_terminal_installing_asks(checkout: Path, answer: str, goes_on: bool) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        with os.fdopen(theirs, "wb", buffering=0) as other_end:
            os.write(ours, answer.encode())
            result = subprocess.run(
                in_common("permit snow; permit ice; echo installing"),
                cwd=checkout,
                env={"PATH": os.environ["PATH"]},
                stdin=other_end,
                stdout=subprocess.PIPE,
                stderr=other_end,
                timeout=30,
                check=False,
            )
        asked = "".join(iter(lambda: read(terminal), ""))
    assert "Socklab needs snow. Install this" in asked
    assert "ice" not in asked
    assert result.stdout == (b"installing\n" if goes_on else b"")
    assert result.returncode == (0 if goes_on else 2)


def test_without_a_terminal_nothing_is_asked(run: Run) -> None:
    result = run(*in_common("permit snow; echo installing"))
    assert (result.stdout, result.stderr) == ("installing\n", "")


# The engine


def test_engine_that_answers_is_used_and_named(run: Run) -> None:
    result = run(
        "sh", "setup/run.sh", "engine", "compose", docker="echo '20.10.24+dfsg1|Debian GNU/Linux 12 (bookworm)|2.26.1'"
    )
    assert (result.returncode, result.stderr) == (0, "Docker Engine 20.10.24 on Debian GNU/Linux 12\n")


@pytest.mark.parametrize(
    ("docker", "env", "says"),
    [
        ("echo '19.03.5|Debian|2.26.1'", {}, "too old"),
        ("echo 'permission denied while trying to connect' >&2; exit 1", {}, "usermod -aG docker student"),
        (NO_ENGINE, {}, "No Docker engine answers. Start it, or install"),
        (NO_ENGINE, {"DOCKER_HOST": "tcp://lab:2375"}, "DOCKER_HOST=tcp://lab:2375 does not answer"),
    ],
)
def test_engine_that_cannot_be_used_is_one_clear_line(run: Run, docker: str, env: dict[str, str], says: str) -> None:
    result = run("sh", "setup/run.sh", "engine", env=env, docker=docker, id=A_USER)
    assert result.returncode == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


# The images


def test_sources_have_another_checksum_when_one_changes(run: Run, checkout: Path) -> None:
    services = checkout / "services"
    (services / "__pycache__").mkdir(parents=True)
    program = services / "a program.py"
    program.write_text("1")
    images = (ROOT / "setup/images.sh").read_text().partition("build_image()")[0]

    def checksum() -> str:
        return run("sh", "-euc", f"{images}\nchecksum services").stdout

    first = checksum()
    (services / "__pycache__/program.pyc").write_text("compiled")
    assert checksum() == first
    program.write_text("2")
    assert checksum() != first
    program.rename(services / "program.py")
    (services / "program.py").write_text("1")
    assert checksum() != first


# make


def test_make_alone_lists_every_verb(run: Run, checkout: Path) -> None:
    makefile = (checkout / "Makefile").read_text()
    (phony,) = (line.split()[1:] for line in makefile.splitlines() if line.startswith(".PHONY:"))
    listed = [line.split()[1] for line in run("make").stdout.splitlines() if line.startswith("make ")]
    assert sorted(listed) == sorted(set(phony) - {"help"})


@pytest.mark.parametrize(
    "value", ["it's", 'a "b" c', "$HOME", "$(shell touch made)", "`touch made`", "; touch made", "-x", "#"]
)
def test_value_of_a_variable_arrives_as_it_is(run: Run, checkout: Path, value: str) -> None:
    (checkout / "setup/lab.sh").write_text("printf '%s\\0' \"$@\"\n")
    result = run("make", "attach", f"NODE={value}", f"NAME={value}")
    assert result.stdout.split("\0")[:-1] == ["attach", f"--name={value}", "--", value]
    assert not (checkout / "made").exists()


def test_name_in_the_environment_is_not_ours(run: Run, checkout: Path) -> None:
    (checkout / "setup/lab.sh").write_text("printf '%s\\0' \"$@\"\n")
    assert run("make", "status", env={"NAME": "LAPTOP-1"}).stdout == "status\0"


@pytest.mark.parametrize(("verb", "status"), [("down", 0), ("status", 0), ("attach", 2), ("logs", 2)])
def test_without_an_engine_a_verb_says_so_and_installs_nothing(
    run: Run, checkout: Path, verb: str, status: int
) -> None:
    result = run("make", verb, docker=NO_ENGINE)
    assert (result.returncode, result.stdout) == (status, "")
    assert result.stderr.startswith("No Docker engine answers, so no lab is up here. Start one with: make up\n")
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize(
    ("status", "says"), [(0, ""), (1, "not to be had for this machine: the parsers are not fuzzed")]
)
def test_where_there_is_no_fuzzer_the_set_up_goes_on_without(run: Run, checkout: Path, status: int, says: str) -> None:
    pip = checkout / ".venv/bin/python"
    pip.parent.mkdir(parents=True)
    pip.write_text(f"#!/bin/sh\necho asked >>asked\nexit {status}\n")
    pip.chmod(0o755)
    (checkout / "requirements-fuzz.lock").write_text("atheris==3.0.0\n")
    step = in_common('mark() { cksum <"$1"; }; . setup/fuzz.sh; echo went on')
    first, second = run(*step), run(*step)
    assert first.stdout == second.stdout == "went on\n"
    assert says in first.stderr and "Installing the Python packages of requirements-fuzz.lock" in first.stderr
    assert second.stderr == "" and (checkout / "asked").read_text() == "asked\n", "it is asked for once"
    (checkout / "requirements-fuzz.lock").write_text("atheris==3.1.0\n")
    assert "Installing" in run(*step).stderr
