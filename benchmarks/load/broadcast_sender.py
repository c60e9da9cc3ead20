"""Says numbered lines to a broadcast server: as fast as it takes them, or at a pace.

    sender ---> server ---> receivers        --server
    sender ---------------> receivers        --listen: nobody in between, the same bytes to each; this is the limit

Prints when it began, and how many lines it sent.
"""

import argparse
import json
import re
import select
import socket
import time

from benchmarks.load import broadcast_lines as lines

HELLO_EVERY = 0.02
AT_ONCE = 4
"""Blocks of a call: one of 256 KiB costs less than four of 64."""


def main() -> None:
    """Wait for the receivers, send, and print what was sent."""
    line = argparse.ArgumentParser(description="Sends lines to a broadcast server, or straight to its receivers.")
    where = line.add_mutually_exclusive_group(required=True)
    where.add_argument("--server", type=lines.address, metavar="HOST:PORT", help="the server that is measured")
    where.add_argument("--listen", type=int, metavar="PORT", help="accept the receivers, with no server in between")
    line.add_argument("--receivers", type=int, required=True, help="how many have to be there")
    line.add_argument("--stuck", type=int, default=0, help="how many of them will read nothing but the greeting")
    line.add_argument("--seconds", type=float, required=True, help="end after this time")
    line.add_argument("--blocks", type=int, default=0, help="end after so many blocks of 1024 lines, at full speed")
    line.add_argument("--pace", type=float, default=0.0, metavar="LINES/S", help="send single lines at this pace")
    options = line.parse_args()

    connections = [lines.dial(options.server)] if options.server else accept(options.listen, options.receivers)
    ears = Ears(connections)
    while ears.heard(lines.HERE) < options.receivers:
        for connection in connections:
            connection.sendall(lines.HELLO)
        ears.listen(HELLO_EVERY)
    if options.pace:
        sent = stroll(connections, options.pace, options.seconds)
    else:
        # With no server in between, its mark is sent as well: the receivers get the same bytes.
        sent = pour(connections, options.blocks, options.seconds, b"" if options.server else b"[1] ")
    while ears.heard(lines.GOT) < options.receivers - options.stuck:
        ears.listen()
    # Who leaves with something unread resets the connection, which destroys what is still under way. So we say that
    # we leave, and read to the end.
    for connection in connections:
        connection.sendall(lines.DONE)
        connection.shutdown(socket.SHUT_WR)
    while ears.open:
        ears.listen()
    print(json.dumps(sent))


def accept(port: int, receivers: int) -> list[socket.socket]:
    """Let the receivers in."""
    with socket.create_server(("", port), backlog=receivers) as listener:
        connections = [listener.accept()[0] for _ in range(receivers)]
    for connection in connections:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connections


class Ears:
    """What the receivers say."""

    def __init__(self, connections: list[socket.socket]) -> None:
        self.open = list(connections)
        self._said = dict.fromkeys(connections, b"")

    def listen(self, seconds: float | None = None) -> None:
        """Wait until something is said, or for so long. ConnectionError when nobody is there any more."""
        if not self.open:
            raise ConnectionError("the other side has gone")
        for connection in select.select(self.open, [], [], seconds)[0]:
            said = connection.recv(65536)
            self._said[connection] += said
            if not said:
                self.open.remove(connection)

    def heard(self, word: re.Pattern[bytes]) -> int:
        """Return how many receivers have said it."""
        return len({number for said in self._said.values() for number in word.findall(said)})


def pour(connections: list[socket.socket], blocks: int, seconds: float, mark: bytes) -> dict[str, int]:
    """Send blocks until there are no more, or the time is over."""
    made = list(lines.blocks(blocks, mark))
    loads = [(b"".join(made[i : i + AT_ONCE]), len(made[i : i + AT_ONCE])) for i in range(0, blocks, AT_ONCE)]
    del made
    sent = 0
    begun = time.monotonic_ns()
    for load, count in loads:
        for connection in connections:
            connection.sendall(load)
        sent += count
        if time.monotonic_ns() - begun > seconds * 1e9:
            break
    for connection in connections:
        connection.sendall(mark + lines.END)
    return {"begun": begun, "lines": sent * lines.LINES}


def stroll(connections: list[socket.socket], pace: float, seconds: float) -> dict[str, int]:
    """Send single lines, each at its time, or at once when that is over."""
    count = int(pace * seconds)
    begun = time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, begun + number / pace - time.monotonic()))
        line = lines.stamped(time.monotonic_ns())
        for connection in connections:
            connection.send(line)
    for connection in connections:
        connection.sendall(lines.END)
    return {"begun": int(begun * 1e9), "lines": count}


if __name__ == "__main__":
    main()
