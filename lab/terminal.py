"""A terminal in the hands of a play: type, wait until something is seen, and keep all that was."""

import re
import threading
import time
from collections.abc import Callable

from lab.engine import Stream
from lab.errors import GaveUp
from lab.visible import shown
from lab.waiting import DEADLINE


class Terminal:
    """Keys in, text out, of one program. A thread reads the stream from the first byte to the last."""

    def __init__(self, name: str, stream: Stream, *, on_output: Callable[[bytes], None] = lambda data: None) -> None:
        """Read `stream` from now on; `on_output` is told of all bytes as they come."""
        self.name = name
        self._stream = stream
        self._on_output = on_output
        self._bytes = bytearray()
        self._ended = False
        self._grown = threading.Condition()
        self._reader = threading.Thread(target=self._read, name=f"{name}-terminal", daemon=True)
        self._reader.start()

    @property
    def transcript(self) -> str:
        """All that was shown up to now, as a person reads it."""
        with self._grown:
            return shown(bytes(self._bytes))

    @property
    def ended(self) -> bool:
        """Whether the program at it is gone: what is typed now reaches nobody, nor one that is started later."""
        with self._grown:
            return self._ended

    def type(self, text: str | bytes) -> None:
        """Press these keys. A line ends with a newline, which is for the caller to give."""
        self._stream.write(text.encode() if isinstance(text, str) else text)

    def end_input(self) -> None:
        """End the program's input."""
        self._stream.close_input()

    def wait_for(self, text: str | re.Pattern[str], *, count: int = 1, within: float = DEADLINE) -> str:
        """Wait until `text` (a plain text or a pattern) was shown `count` times since the start; return the last one.

        Raises GaveUp with the whole transcript.
        """
        pattern = re.compile(re.escape(text)) if isinstance(text, str) else text
        times = "" if count == 1 else f" {count} times"
        deadline = time.monotonic() + within
        with self._grown:
            while True:
                found = pattern.findall(shown(bytes(self._bytes)))
                if len(found) >= count:
                    return str(found[count - 1])
                if self._ended or not self._grown.wait(deadline - time.monotonic()):
                    raise GaveUp(
                        f"{pattern.pattern!r}{times} on the terminal of {self.name} within {within:g} s",
                        f"{shown(bytes(self._bytes))!r}{' and the end of the program' if self._ended else ''}",
                    )

    def wait_for_end(self, *, within: float = DEADLINE) -> None:
        """Wait until the stream ends."""
        self._reader.join(within)
        if self._reader.is_alive():
            raise GaveUp(f"the end of the program of {self.name} within {within:g} s", repr(self.transcript))

    def close(self) -> None:
        """Let go of the stream, and keep the transcript."""
        self._stream.close()
        self._reader.join(1)

    def _read(self) -> None:
        while data := self._stream.read():
            self._on_output(data)
            with self._grown:
                self._bytes += data
                self._grown.notify_all()
        with self._grown:
            self._ended = True
            self._grown.notify_all()
