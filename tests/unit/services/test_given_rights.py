"""The filter of capset: in a process of its own, since nobody can take it off again."""

import platform
import subprocess
import sys

import pytest

from services.shared import given_rights
from tests.repo.documents import ROOT

# A call with no arguments is one that the kernel refuses, unless it does not get to see it.
ASK = "print(ctypes.CDLL(None).syscall(given_rights._CALLS[platform.machine()][1], 0, 0))"


def asked(program: str) -> list[str]:
    imports = "import ctypes, os, platform, subprocess, sys; from services.shared import given_rights"
    done = subprocess.run([sys.executable, "-c", f"{imports}; {program}"], cwd=ROOT, capture_output=True, text=True)
    assert not done.stderr
    return done.stdout.split()


@pytest.mark.skipif(platform.machine() not in given_rights._CALLS, reason="the number of capset is not known here")
class TestCapset:
    def test_is_refused_by_the_kernel_as_a_rule(self) -> None:
        assert asked(ASK) == ["-1"]

    def test_succeeds_and_does_nothing(self) -> None:
        assert asked(f"given_rights.keep(); {ASK}") == ["0"]

    def test_is_no_other_for_programs_that_are_started(self) -> None:
        inner = f"import ctypes, platform; from services.shared import given_rights; {ASK}"
        assert asked(f"given_rights.keep(); subprocess.run([sys.executable, '-c', {inner!r}])") == ["0"]

    def test_leaves_all_other_calls_alone(self) -> None:
        assert (
            asked("given_rights.keep(); print(os.getppid() > 0, len(os.listdir('/proc/self/fd')) > 2)") == ["True"] * 2
        )


def test_a_machine_that_is_not_known_is_left_as_it_is() -> None:
    assert asked("platform.machine = lambda: 'pdp11'; given_rights.keep(); print('on')") == ["on"]
