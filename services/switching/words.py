"""What a person types at a host, as commands.

send h2 good morning   ->  Send("h2", b"good morning")
flow 1 200 0.01        ->  Flow(1, 200, 0.01, 64)        a number in place of a host: over that circuit
sned h2 good morning   ->  MistakeError, in one line that says what to type instead
"""

from argparse import ArgumentTypeError
from collections.abc import Callable
from dataclasses import dataclass

from services.shared.command_line import whole_number
from services.switching import commands
from services.switching.commands import Command
from services.switching.header import LARGEST, is_name
from services.switching.transfers import LARGEST_PAYLOAD, MOST_PACKETS, SMALLEST_PAYLOAD

MOST_MESSAGE_PACKETS = 1000  # they all wait in the queue of the host's line at once
LONGEST_GAP = 1.0  # seconds; a receiver takes a flow for over when nothing comes for longer than that

_FLOW_PAYLOAD = 64
_HIGHEST_CIRCUIT = 65_535
_HIGHEST_RATE = 2**32 - 1


class MistakeError(Exception):
    """Something typed cannot be done. The message is one line: what is wrong, and what to type instead."""


def parse(typed: bytes) -> Command | None:
    """Read a line; a blank one is no command. Raises MistakeError."""
    name, *rest = typed.decode("utf-8", "surrogateescape").split(maxsplit=1) or [""]
    if not name:
        return None
    if name not in _USAGES:
        raise MistakeError(f"there is no command `{name}`: type `help` to see those that there are")
    usage = _USAGES[name]
    try:
        return usage.read("".join(rest).rstrip())
    except ArgumentTypeError as error:
        example = f", as in `{name} {usage.example}`" if usage.example else ""
        raise MistakeError(f"{error}; type `{_shape(name)}`{example}") from None


def summary() -> list[str]:
    """Return all commands, each with what it does, in lines."""
    width = max(map(len, map(_shape, _USAGES))) + 2
    return [f"{_shape(name):{width}}{usage.does}" for name, usage in _USAGES.items()]


def _shape(name: str) -> str:
    return f"{name} {_USAGES[name].arguments}".rstrip()


def _send(rest: str) -> commands.Send:
    destination, text = _words(rest, "HOST", "TEXT", text_last=True)
    return commands.Send(_host(destination), _text(text))


def _message(rest: str) -> commands.Message:
    destination, size, packets = _words(rest, "HOST", "BYTES", "PACKETS")
    count = _whole("PACKETS", packets, 1, MOST_MESSAGE_PACKETS)
    total = _whole("BYTES", size, count * SMALLEST_PAYLOAD, count * LARGEST_PAYLOAD)
    return commands.Message(_host(destination), total, count)


def _flow(rest: str) -> commands.Flow:
    to, count, gap, size = _words(rest, "HOST", "COUNT", "GAP", "[BYTES]")
    return commands.Flow(
        _circuit(to) if to.isdecimal() else _host(to),
        _whole("COUNT", count, 1, MOST_PACKETS),
        _gap(gap),
        _whole("BYTES", size, SMALLEST_PAYLOAD, LARGEST_PAYLOAD) if size else _FLOW_PAYLOAD,
    )


def _call(rest: str) -> commands.Call:
    destination, rate = _words(rest, "HOST", "[RATE]")
    return commands.Call(_host(destination), _whole("RATE", rate, 0, _HIGHEST_RATE) if rate else 0)


def _say(rest: str) -> commands.Say:
    circuit, text = _words(rest, "N", "TEXT", text_last=True)
    return commands.Say(_circuit(circuit), _text(text))


def _release(rest: str) -> commands.Release:
    (circuit,) = _words(rest, "N")
    return commands.Release(_circuit(circuit))


def _raw(rest: str) -> commands.Raw:
    (digits,) = _words(rest, "HEX", text_last=True)
    try:
        data = bytes.fromhex(digits)
    except ValueError:
        raise ArgumentTypeError("HEX has two hexadecimal digits for each byte") from None
    if len(data) > LARGEST:
        raise ArgumentTypeError(f"HEX has {len(data)} bytes, and a packet at most {LARGEST}")
    return commands.Raw(data)


def _nothing(command: Command) -> Callable[[str], Command]:
    def read(rest: str) -> Command:
        _words(rest)
        return command

    return read


def _words(rest: str, *names: str, text_last: bool = False) -> list[str]:
    """Split the words behind a command; those in [] may be missing, and are empty then.

    With `text_last`, all that remains is the last one.
    """
    given = rest.split(maxsplit=len(names) - 1) if text_last else rest.split()
    missing = [name for name in names[len(given) :] if not name.startswith("[")]
    if missing:
        raise ArgumentTypeError(f"{' and '.join(missing)} {'are' if len(missing) > 1 else 'is'} missing")
    if len(given) > len(names):
        raise ArgumentTypeError(f"`{given[len(names)]}` is too much")
    return given + [""] * (len(names) - len(given))


def _host(word: str) -> str:
    if not is_name(word):
        raise ArgumentTypeError(f"HOST `{word}` is no name of a node: those have 1 to 8 of a-z, 0-9 and -")
    return word


def _circuit(word: str) -> int:
    return _whole("N", word, 1, _HIGHEST_CIRCUIT)


def _whole(name: str, word: str, lowest: int, highest: int) -> int:
    try:
        return whole_number(word, lowest, highest)
    except ArgumentTypeError as error:
        raise ArgumentTypeError(f"{name} {error}") from None


def _gap(word: str) -> float:
    try:
        gap = float(word)
    except ValueError:
        gap = -1.0
    if not 0 <= gap <= LONGEST_GAP:
        raise ArgumentTypeError(f"GAP '{word}': give seconds, from 0 to {LONGEST_GAP:g}")
    return gap


def _text(words: str) -> bytes:
    text = words.encode("utf-8", "surrogateescape")
    if len(text) > LARGEST_PAYLOAD:
        raise ArgumentTypeError(f"TEXT has {len(text)} bytes, and a packet at most {LARGEST_PAYLOAD}")
    return text


@dataclass(frozen=True, slots=True)
class _Usage:
    arguments: str
    does: str
    example: str
    read: Callable[[str], Command]


_USAGES = {
    "send": _Usage("HOST TEXT", "send one datagram", "h2 good morning", _send),
    "message": _Usage("HOST BYTES PACKETS", "send a message, cut into packets", "h2 4000 5", _message),
    "flow": _Usage("HOST|N COUNT GAP [BYTES]", "send packets, one every GAP seconds", "h2 200 0.01", _flow),
    "stop": _Usage("", "end the flows: the next packet is the last", "", _nothing(commands.Stop())),
    "call": _Usage("HOST [RATE]", "set up a circuit; reserve RATE bit/s", "h2", _call),
    "say": _Usage("N TEXT", "send one packet over circuit N", "1 good morning", _say),
    "release": _Usage("N", "end circuit N", "1", _release),
    "circuits": _Usage("", "list the circuits", "", _nothing(commands.Circuits())),
    "raw": _Usage("HEX", "put any bytes on the line", "11 20 00 08", _raw),
    "help": _Usage("", "list the commands", "", _nothing(commands.Help())),
    "exit": _Usage("", "release the circuits, and end", "", _nothing(commands.Exit())),
}
