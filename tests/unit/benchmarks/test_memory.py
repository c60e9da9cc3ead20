import os
import subprocess
import sys

import pytest

from benchmarks.memory import family, parent, pss


def test_a_family_is_a_process_and_what_it_started() -> None:
    with subprocess.Popen(["sh", "-c", "echo; cat; :"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as shell:
        assert shell.stdin
        assert shell.stdout
        shell.stdin.write(b"x")
        shell.stdin.flush()
        assert shell.stdout.read(2) == b"\nx"  # so `cat` runs
        first, child = family(shell.pid)
        assert (first, parent(first), parent(child)) == (shell.pid, os.getpid(), shell.pid)
        assert child in family(os.getpid())
        shell.stdin.close()


def test_memory_that_is_written_to_counts() -> None:
    before = pss(os.getpid())
    taken = bytearray(b"x" * 8_000_000)
    assert pss(os.getpid()) - before > 7_000_000
    del taken


@pytest.mark.parametrize("ask", [pss, family, parent])
def test_a_process_that_is_gone_has_nothing(ask: object) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert callable(ask)
    with pytest.raises(OSError, match=str(gone.pid)):
        ask(gone.pid)
