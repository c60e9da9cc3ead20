"""Runs a program and watches it: what it prints, how it ends, the most memory that it ever had.

    watched [--descriptors N] [--full] -- python3 -m services.NAME ...

An honest sender's datagram says `honest at TIME`, in nanoseconds of the monotonic clock: where the program prints that,
it is noted how long it was under way. SIGTERM ends the program; then one JSON object says all. The output itself is not
kept: an attack may make a program print a gigabyte.
"""

import argparse
import contextlib
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

from reliability.hostile.attacks.words import milliseconds, tell

HONEST = re.compile(rb"honest at (\d+)\b")
CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
HIGH_WATER = re.compile(r"^VmHWM:\s*(\d+) kB$", re.MULTILINE)
PATIENCE = 5.0
AT_ONCE = 1 << 16


class Watched:
    """One program."""

    def __init__(self, command: list[str], descriptors: int | None, full: bool) -> None:
        self._ways: list[int] = []
        self._controls = self._size = 0
        self._honest_twice = 0
        self._seen: set[int] = set()
        self._traceback = ""
        self._ended = threading.Event()
        full_disk = Path("/dev/full").open("wb") if full else None  # noqa: SIM115  (for as long as the program runs)

        def limit() -> None:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
            if descriptors:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        self._program = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=full_disk or subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True, preexec_fn=limit,  # it hears of no signal but ours
        )  # fmt: skip
        pipes = [pipe for pipe in (self._program.stdout, self._program.stderr) if pipe]
        self._readers = [threading.Thread(target=self._read, args=(pipe,)) for pipe in pipes]
        for reader in self._readers:
            reader.start()
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        self._program.wait()
        self._ended.set()

    def _read(self, pipe: IO[bytes]) -> None:
        begun, last, failed = b"", b"", False
        while chunk := pipe.read1(AT_ONCE):  # type: ignore[attr-defined]
            now = time.monotonic_ns()
            self._size += len(chunk)
            text = begun + chunk
            whole, _, begun = text.rpartition(b"\n")
            begun = begun[-AT_ONCE:]
            self._controls += len(CONTROL.findall(whole))
            for found in HONEST.finditer(whole):
                sent = int(found[1])
                self._honest_twice += sent in self._seen
                self._seen.add(sent)
                self._ways.append(now - sent)
            failed = failed or b"Traceback" in whole
            last = whole.rpartition(b"\n")[2] or last
        if failed:
            self._traceback = last.decode(errors="replace")
        pipe.close()

    def stop(self) -> None:
        """End it, and say all."""
        died = self._ended.is_set()
        peak = 0
        with contextlib.suppress(OSError):
            found = HIGH_WATER.search(Path(f"/proc/{self._program.pid}/status").read_text())
            peak = int(found[1]) * 1024 if found else 0
        self._program.terminate()
        if not self._ended.wait(PATIENCE):
            self._program.kill()
        self._program.wait()
        for reader in self._readers:
            reader.join()
        ways = milliseconds(self._ways)
        tell(
            died=died, status=self._program.returncode, peak=peak, traceback=self._traceback, printed=self._size,
            controls=self._controls, honest=len(self._ways), twice=self._honest_twice, ways=ways,
        )  # fmt: skip


def main() -> None:
    """Run it until SIGTERM comes."""
    line = argparse.ArgumentParser(description="Runs a program and watches it.")
    line.add_argument("--descriptors", type=int, help="how many it may have open")
    line.add_argument("--full", action="store_true", help="its output goes to a disk that is full")
    line.add_argument("command", nargs="+")
    options = line.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    watched = Watched(options.command, options.descriptors, options.full)
    signal.sigwait([signal.SIGTERM])
    watched.stop()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
