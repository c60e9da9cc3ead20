"""Lines for standard output, each written whole by one call.

Lines of several threads never mix, and none is left in a buffer when the program ends at once.
"""

import contextlib
import os

_STDOUT = 1


def say(line: str) -> None:
    """Print one line; `line` comes without its newline."""
    write(line.encode(errors="backslashreplace") + b"\n")


def write(data: bytes) -> None:
    """Write all of `data` to standard output. Where nobody reads it any more the program goes on without."""
    with contextlib.suppress(OSError):
        while data:
            data = data[os.write(_STDOUT, data) :]
