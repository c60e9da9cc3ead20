"""Our end of the helper that changes a node's network from beside it (beside_program.py): one order, one answer.

The helper is a container that shares the network namespace of a node and alone may change it. It lives as long as the
pipe to it: one that was told to `undo` undoes all that it did when the pipe ends, also if we were killed.
"""

import json
import queue
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lab.engine import Engine, Stream
from lab.errors import LabError
from lab.faults import beside_program
from lab.waiting import DEADLINE

PROGRAM = Path(beside_program.__file__).read_text(encoding="utf-8")


class RefusedError(LabError):
    """A command failed beside a node: which one of those that were sent, and what it said."""

    def __init__(self, node: str, command: Sequence[str], at: int, said: str) -> None:
        """Tell it in a line."""
        last = (said.strip().splitlines() or ["nothing"])[-1]
        super().__init__(f"`{' '.join(command)}` failed beside {node}, and said: {last}")
        self.at, self.said = at, said


class Beside:
    """The helper of one node, for one run of it: a node that is started anew has another network namespace."""

    def __init__(self, engine: Engine, node: str, *, undo: bool) -> None:
        """Start it. `undo`: whether it undoes all when it ends."""
        self.node = node
        self.run_of_node = engine.started_at(node)
        self._stream: Stream = engine.beside(node, ["python3", "-c", PROGRAM, "undo" if undo else "stay"])
        self.gone = False
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._asking = threading.Lock()
        self._reader = threading.Thread(target=self._read, name=f"beside-{node}", daemon=True)
        self._reader.start()

    def run(self, *commands: Sequence[str], given: str = "") -> str:
        """Run commands, one after the other, with that input; return what they said. RefusedError if one fails."""
        answer = self._ask({"run": commands, "input": given})
        if answer["status"]:
            raise RefusedError(self.node, commands[answer["at"]], answer["at"], answer["output"])
        return str(answer["output"])

    def undo(self, what: str = "all") -> list[str]:
        """Undo all faults of packets, or only "queues"; return the tables and devices that had any."""
        return list(self._ask({"undo": what})["undone"])

    def end(self) -> None:
        """Tell it to end."""
        self._stream.close_input()

    def close(self) -> None:
        """End it, and wait until it has ended."""
        self.end()
        self._reader.join(DEADLINE)
        self._stream.close()

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        with self._asking:
            self._stream.write(json.dumps(order).encode() + b"\n")
            try:
                line = self._answers.get(timeout=0 if self.gone else DEADLINE)
            except queue.Empty:
                line = b""
        try:
            return dict(json.loads(line))
        except ValueError:
            raise LabError(
                f"the helper beside {self.node} is gone: {line.decode('utf-8', 'replace') or 'it says nothing'};"
                " `make heal` undoes what it left"
            ) from None

    def _read(self) -> None:
        rest = b""
        while data := self._stream.read():
            *whole, rest = (rest + data).split(b"\n")
            for line in whole:
                self._answers.put(line)
        self.gone = True
        self._answers.put(rest)  # nothing; or the last words of a program that failed
