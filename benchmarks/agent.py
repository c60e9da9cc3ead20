"""Runs in each container of a benchmark: starts programs there as it is told, and counts what they cost.

    stations.py ---- {"job": 3, "start": ["socat", ...]} ---------------> agent ----> socat
                <--- {"job": 3, "listens": true} --------------------------'            |
                <--- {"job": 3, "status": 0, "cpu": 0.21, "output": ...} <------ ends --'

Both ways a JSON object a line, on standard input and output. When the input ends, all programs are killed and the
agent ends: nothing is left of a benchmark that was killed, since its containers end with their agents.
Standard library only.
"""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any

LISTENING = "0A"
"""The state of a listening socket in /proc/net/tcp."""

HIGH_WATER = re.compile(r"^VmHWM:\s*(\d+) kB$", re.MULTILINE)
"""Not from wait4: what that tells begins with the memory of who started the process."""

LOOK_EVERY = 0.005
_PAUSE = threading.Event()


class Agent:
    """The programs of one container."""

    def __init__(self) -> None:
        self._saying = threading.Lock()
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._peaks: dict[int, int] = {}  # of those that are being stopped

    def say(self, **words: Any) -> None:
        """Tell stations.py."""
        with self._saying:
            print(json.dumps(words), flush=True)

    def serve(self, orders: IO[str]) -> None:
        """Do what is asked for until the orders end."""
        self.say(address=own_address())
        for line in orders:
            order = json.loads(line)
            if "start" in order:
                self._start(order)
            elif "stop" in order:
                self._signal(order["stop"], signal.SIGTERM)
            elif "kill" in order:
                self._signal(order["kill"], signal.SIGKILL)
            elif "cpu" in order:
                self._tell_cpu(order["cpu"])
            elif "write" in order:
                Path(order["write"]).write_text(order["text"], encoding="utf-8")
        for number in list(self._running):
            self._signal(number, signal.SIGKILL)

    def _start(self, order: dict[str, Any]) -> None:
        number = order["job"]
        output, errors = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115  (closed when it has ended)
        try:
            process = subprocess.Popen(
                order["start"], stdin=subprocess.DEVNULL, stdout=output, stderr=errors, start_new_session=True
            )
        except OSError as error:
            self.say(job=number, status=127, output="", errors=str(error), cpu=0.0, kernel=0.0, switches=0, peak=0)
            return
        self._running[number] = process
        what = (number, process, order.get("listens"), output, errors)
        threading.Thread(target=self._see_to_its_end, args=what, daemon=True).start()

    def _see_to_its_end(
        self, number: int, process: subprocess.Popen[bytes], port: int | None, output: IO[bytes], errors: IO[bytes]
    ) -> None:
        if port is not None:
            self._tell_when_listening(number, process, port)
        # Counts the process, and the children that it has waited for.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        del self._running[number]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what it left behind
        self.say(
            job=number, status=process.returncode, output=content(output), errors=content(errors),
            cpu=usage.ru_utime + usage.ru_stime, kernel=usage.ru_stime, switches=usage.ru_nvcsw,
            peak=self._peaks.pop(number, 0),
        )  # fmt: skip
        output.close()
        errors.close()

    def _tell_when_listening(self, number: int, process: subprocess.Popen[bytes], port: int) -> None:
        while True:
            if listens(port):
                self.say(job=number, listens=True)
                return
            # Looked at without being waited for: that is for wait4 alone.
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                return
            _PAUSE.wait(LOOK_EVERY)

    def _tell_cpu(self, number: int) -> None:
        process = self._running.get(number)
        if process:  # of one that has ended, its end tells
            with contextlib.suppress(OSError):
                self.say(job=number, cpu=time.clock_gettime(cpu_clock(process.pid)), kernel=kernel_seconds(process.pid))

    def _signal(self, number: int, which: signal.Signals) -> None:
        process = self._running.get(number)
        if process and process.returncode is None:
            self._peaks[number] = peak(process.pid)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, which)


def own_address() -> str:
    """Return the IPv4 address that other containers know this one by; that of the loopback where there is no other."""
    try:
        return socket.gethostbyname(socket.gethostname())
    except socket.gaierror:
        return "127.0.0.1"


def cpu_clock(process: int) -> int:
    """Return the clock that counts a process's CPU time, as clock_getcpuclockid(3) makes it (CPUCLOCK_SCHED is 2)."""
    return ~process << 3 | 2


def kernel_seconds(process: int) -> float:
    """Return what the kernel has done in a process's name, in CPU seconds. OSError if it is gone."""
    stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    return int(stat.rpartition(")")[2].split()[12]) / os.sysconf("SC_CLK_TCK")


def peak(group: int) -> int:
    """Return the peak resident memory, in bytes, of the processes of a group, added up."""
    found = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            if os.getpgid(int(folder.name)) == group:
                found += sum(int(kilobytes) for kilobytes in HIGH_WATER.findall((folder / "status").read_text()))
    return found * 1024


def listens(port: int) -> bool:
    """Tell whether a TCP socket of this container listens on a port. Nothing connects: a server would count it."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        rows = Path(table).read_text(encoding="ascii").splitlines()[1:]
        for row in rows:
            _, local, _, state, *_ = row.split()
            if state == LISTENING and int(local.rpartition(":")[2], 16) == port:
                return True
    return False


def content(file: IO[bytes]) -> str:
    """Return what was written to a file."""
    file.seek(0)
    return file.read().decode("utf-8", "replace")


if __name__ == "__main__":
    Agent().serve(sys.stdin)
