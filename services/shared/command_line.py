"""A command line whose errors are one line, with exit status 2, and never a page of usage."""

import argparse
from typing import NoReturn

from services.shared.ending import fail

_MOST_DIGITS = 20  # Python refuses to read thousands


class CommandLine(argparse.ArgumentParser):
    """The arguments of the program `services.<name>`."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(
            prog=f"python3 -m services.{name}",
            description=description,
            epilog="SIGTERM and Ctrl-C end it at once, with exit status 0.",
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        """End with status 2 and one line that says which argument is wrong."""
        fail(f"{message} (see --help)", status=2)


def whole_number(text: str, lowest: int, highest: int) -> int:
    """Read a whole number within bounds. Raises ArgumentTypeError."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else lowest - 1
    if not lowest <= number <= highest:
        raise argparse.ArgumentTypeError(f"{text!r}: give a whole number from {lowest} to {highest}")
    return number


def seconds(text: str) -> float:
    """Read a time in seconds, above 0 and at most an hour. Raises ArgumentTypeError."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 < number <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: give seconds, above 0 and at most 3600")
    return number
