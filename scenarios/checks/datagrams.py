"""What a datagram says, and how often a terminal shows it.

A receiver may word its lines as it likes: "10.84.1.3 hello" shows "hello" as well as "hello, says 10.84.1.3" does.
"""

from lab.events import Packet, Printed
from lab.history import History
from lab.visible import shown
from scenarios.checks import talk


def text_of(packet: Packet) -> str:
    """Return the words of a datagram."""
    return packet.payload.decode("utf-8", "backslashreplace").strip()


def times_shown(history: History, node: str, text: str, after: float = 0.0) -> int:
    """Count the lines on a node's terminal, after a time, that carry a datagram's words, not those of a longer one."""
    texts = {text_of(p) for p in history.packets("udp")}
    terminal = shown(b"".join(e.data for e in history.of(Printed) if e.node == node and e.time > after))
    return sum(talk.carried(line, texts) == text for line in terminal.split("\n"))
