"""What arrives at a UDP socket, shown on a terminal: each datagram as `ADDRESS text`."""

from typing import NoReturn, Protocol

from services.shared.ending import end, fail
from services.shared.tcp import reason
from services.shared.terminal import Terminal
from services.shared.threads import Thread

LARGEST_DATAGRAM = 65535


class Receiver(Protocol):
    """What a UDP socket does."""

    def recvfrom(self, size: int, /) -> tuple[bytes, tuple[str, int]]:
        """Wait for a datagram; return it, and who sent it. Raises OSError."""


def show_arrivals(receiver: Receiver, terminal: Terminal) -> NoReturn:
    """Print what comes, for ever."""
    while True:
        try:
            text, source = receiver.recvfrom(LARGEST_DATAGRAM)
        except OSError as error:
            fail(f"cannot receive any more: {reason(error)}")
        terminal.show(source[0].encode() + b" " + text.replace(b"\n", b"?") + b"\n")


def show_until_exit(receiver: Receiver, terminal: Terminal) -> None:
    """Print what comes until `exit` is typed, or Ctrl-D on a terminal."""
    listening = Thread(target=show_arrivals, args=(receiver, terminal), name="listening", daemon=True)
    listening.start()
    if any(text == b"exit" for text in terminal.typed()) or terminal.is_terminal:
        end()
    listening.join()  # the input has ended with nobody at it: a receiver has its work all the same
