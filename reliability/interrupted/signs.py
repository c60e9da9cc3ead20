"""What can be seen of a run from outside, as it happens: by these signs it is known which moment has come.

    begun                      the process runs
    says TEXT                  it has printed a line
    runs COMMAND               a process below it has begun to run a command
    network create NAME        the engine has made, started, removed something of the lab
    container start NAME
    ended                      no process of it is left

A sign is a line of text, so a moment is a pattern, and how often it was seen.
"""

import json
import queue
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from reliability.interrupted.processes import of_session

LOOK_EVERY = 0.01
"""Seconds between two looks at the processes."""


class Signs:
    """The signs of one run, as they come.

    `lab` is a pattern for the names of what is the lab's on the engine; a group in it is a process number of the run.
    """

    def __init__(self, process: "subprocess.Popen[str]", lab: str) -> None:
        """Take a process that leads a session, and whose output can be read."""
        self.said: list[str] = []
        self.seen: list[str] = []
        self._process, self._lab = process, lab
        self._signs: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._over = threading.Event()
        self.numbers: set[int] = set()  # of all the processes that it ever had

    @contextmanager
    def looking(self) -> Iterator["Signs"]:
        """Look while the block lasts."""
        with subprocess.Popen(
            ["docker", "events", "--format", "{{json .}}", "--since", "0s"], stdout=subprocess.PIPE, text=True
        ) as events:
            threads = [
                threading.Thread(target=look, args=words, daemon=True)
                for look, *words in ((self._read,), (self._watch, events), (self._look_at_processes,))
            ]
            self._signs.put("begun")
            for thread in threads:
                thread.start()
            try:
                yield self
            finally:
                self._over.set()
                events.terminate()
                for thread in threads:
                    thread.join()

    def wait(self, pattern: str, count: int = 1, *, within: float) -> bool:
        """Wait until a sign that matches was seen so often. False if the run has ended before that."""
        found = 0
        while True:
            sign = self._signs.get(timeout=within)
            self.seen.append(sign)
            found += re.search(pattern, sign) is not None
            if found >= count:
                return True
            if sign == "ended":
                return False

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self.said.append(line.rstrip("\n"))
            self._signs.put(f"says {line.rstrip()}")

    def _watch(self, events: "subprocess.Popen[str]") -> None:
        for line in events.stdout or ():
            event = json.loads(line)
            name = event["Actor"]["Attributes"].get("name", "")
            if self.is_ours(name):
                self._signs.put(f"{event['Type']} {event['Action']} {name}")

    def is_ours(self, name: str) -> bool:
        """Tell whether something of the engine is of this run's lab, by its name."""
        found = re.match(self._lab, name)
        return found is not None and all(int(number) in self.numbers for number in found.groups())

    def _look_at_processes(self) -> None:
        known: set[tuple[int, str]] = set()
        while not self._over.wait(LOOK_EVERY):
            now = of_session(self._process.pid)
            self.numbers |= now.keys()
            for _, command in sorted({*now.items()} - known):
                self._signs.put(f"runs {command}")
            known |= {*now.items()}
            if not now:
                self._signs.put("ended")
                return
