"""What a person types and what arrives meanwhile, on one terminal or on a pair of pipes."""

import contextlib
import io
import os
import sys
import termios
from collections.abc import Iterator

from services.shared.ending import at_end
from services.shared.output import write
from services.shared.sanitise import sanitise
from services.shared.screen import insertions

_STDIN, _STDOUT = 0, 1


class Terminal:
    """Standard input and output. On a terminal typed lines can be edited and recalled (readline)."""

    def __init__(self, prompt: str = "> ") -> None:
        self.is_terminal = _is_terminal(_STDIN) and _is_terminal(_STDOUT)
        self._prompt = prompt
        self._prompting = False
        self._obeys_codes = self.is_terminal and os.environ.get("TERM", "dumb") != "dumb"
        if self._obeys_codes:
            _set_up_readline()
        if self.is_terminal:
            self._settings = termios.tcgetattr(_STDIN)
            at_end(self._restore)

    def typed(self) -> Iterator[bytes]:
        """Yield each line typed, without its end, until Ctrl-D or the end of the input."""
        if sys.stdin is None:  # started with its input closed
            return
        if not self.is_terminal:
            for line in sys.stdin.buffer:
                yield line.rstrip(b"\r\n")
            return
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="surrogateescape")  # bytes that are no UTF-8 pass as they are
        with contextlib.suppress(EOFError):
            while True:
                self._prompting = True
                line = input(self._prompt)
                self._prompting = False
                yield line.encode("utf-8", "surrogateescape")

    def show(self, lines: bytes) -> None:
        """Print whole lines, from any thread: above the line being typed, and never a control byte."""
        lines = sanitise(lines)
        if not self._obeys_codes:
            write(lines)
            return
        columns, rows = os.get_terminal_size(_STDOUT)
        for piece in insertions(lines.decode(errors="replace"), columns or 80, rows or 24):
            write(piece.encode())

    def tell(self, notice: str) -> None:
        """Print a notice of the program's own, which starts with `* ` as those of a server do."""
        self.show(f"* {notice}\n".encode(errors="backslashreplace"))

    def _restore(self) -> None:
        if self._prompting:
            write(b"\n")
        termios.tcsetattr(_STDIN, termios.TCSANOW, self._settings)


def _is_terminal(descriptor: int) -> bool:
    try:
        return os.isatty(descriptor)
    except OSError:
        return False


def _set_up_readline() -> None:
    try:
        import readline
    except ImportError:  # a Python built without it: typing works, editing is what the terminal itself offers
        return
    # Lines that arrive are put above the typed one, which works as long as that is one row high.
    readline.parse_and_bind("set horizontal-scroll-mode on")
    # A pasted text is typed text here, line by line, not one long line with newlines in it.
    readline.parse_and_bind("set enable-bracketed-paste off")
    readline.parse_and_bind("tab: self-insert")
