"""What a switch says of itself when it is asked: its tables and counters, as one line of JSON in one datagram."""

import contextlib
import json
import socket
from typing import Any

from services.switching.switch import Switch

REQUEST = b"tables"
DEFAULT_PORT = 5999
LARGEST_ANSWER = 65_000  # bytes: it is one UDP datagram


class Console:
    """A UDP socket on this machine alone, which answers for a switch."""

    def __init__(self, port: int, switch: Switch) -> None:
        """Bind to the port. Raises OSError."""
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", port))
        self.socket.setblocking(False)
        self._switch = switch

    def answer(self, now: float) -> None:
        """Answer a request that has come."""
        with contextlib.suppress(OSError):  # whoever asked may be gone
            request, address = self.socket.recvfrom(len(REQUEST))
            if request == REQUEST:
                self.socket.sendto(one_datagram(tables(self._switch, now)), address)


def tables(switch: Switch, now: float) -> dict[str, Any]:
    """Return what can be seen of a switch."""
    return {
        "name": switch.name,
        "routes": {
            name: {"via": switch.routes.next_hop(name), "metric": metric}  # at infinity there is no next hop
            for name, (_, metric) in switch.routes.table().items()
        },
        "circuits": [
            {
                "source": circuit.source,
                "destination": circuit.destination,
                "in_line": circuit.caller.line,
                "in_label": circuit.caller.label,
                "out_line": circuit.called.line,
                "out_label": circuit.called.label,
                "state": circuit.state,
                "reserved": circuit.rate,
            }
            for circuit in switch.circuits.entries()
        ],
        "lines": {
            name: {
                "rate": line.rate,
                "delay": line.delay,
                "sent": line.sent,
                "bytes": line.bytes,
                "received": switch.received[name],
                "dropped": line.dropped,
                "queued": line.queued(now),
                "most_queued": line.most_queued,
                "reserved": switch.circuits.reserved(name),
            }
            for name, line in switch.lines.items()
        },
        "delivered": switch.delivered,
        "drops": dict(switch.drops),
    }


def one_datagram(seen: dict[str, Any]) -> bytes:
    """Make it JSON, with as many of the circuits as there is room for."""
    circuits = seen["circuits"]
    while len(data := json.dumps(seen).encode()) > LARGEST_ANSWER and seen["circuits"]:
        left = len(seen["circuits"]) // 2
        seen = {**seen, "circuits": circuits[:left], "circuits_left_out": len(circuits) - left}
    return data
