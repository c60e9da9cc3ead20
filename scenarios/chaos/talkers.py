"""Everybody at every terminal types lines that tell who typed them and which they are, until told to fall silent."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from lab.lab import Lab
from scenarios.chaos.spoken import Line


class Typing:
    """Talk that goes on while a block lasts, or until `fall_silent`: a thread for each terminal."""

    def __init__(self, lab: Lab, nodes: Sequence[str], pace: float) -> None:
        """Prepare; `pace` is the seconds from one line of a node to its next."""
        self._lab = lab
        self._nodes = nodes
        self._pace = pace
        self._typed = dict.fromkeys(nodes, 0)
        self._over = threading.Event()
        self._pool = ThreadPoolExecutor(len(nodes), thread_name_prefix="typing")
        self._typists: list[Future[None]] = []

    def __enter__(self) -> "Typing":
        """Begin to type."""
        self._typists = [self._pool.submit(self._type, node) for node in self._nodes]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Fall silent; what broke down in typing is raised if nothing else was."""
        self._over.set()
        self._pool.shutdown()
        if error is None:
            self.fall_silent()

    def fall_silent(self) -> None:
        """Return when nobody types any more."""
        self._over.set()
        for typist in self._typists:
            typist.result()

    def last_words(self) -> None:
        """Have everybody type one line more."""
        for node in self._nodes:
            self._type_next(node)

    def _type(self, node: str) -> None:
        while not self._over.wait(self._pace):
            self._type_next(node)

    def _type_next(self, node: str) -> None:
        self._typed[node] += 1
        self._lab.node(node).type(str(Line(node, self._typed[node])))
