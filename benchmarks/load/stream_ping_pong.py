"""Sends a small message on each of its connections, waits for it to come back, and sends the next, for some seconds.

    one connection     how long a message is under way, there and back: nobody else is in its way
    500 connections    how many of them a second; each has one message under way

Prints messages a second and the median of the round trips. Every message is a new one, and must come back as it was.
"""

import argparse
import json
import select
import socket
import statistics
import time

from benchmarks.load import stream_content as content

SIZE = 64
"""Bytes of a message."""
WARM_UP = 0.1
"""This part of the time comes first and does not count."""


class Player:
    """One connection, and the message that is under way on it."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._count = 0
        self._message = b""
        self._missing = 0
        self._sent = 0.0

    def serve(self) -> None:
        """Send the next message."""
        self._count += 1
        self._message = b"%0*d" % (SIZE, self._count << 20 | self.connection.fileno())
        self._missing = SIZE
        self._sent = time.perf_counter()
        self.connection.sendall(self._message)

    def catch(self) -> float | None:
        """Take in what came; return the seconds of the round trip when it is all there. SystemExit if it is wrong."""
        came = self.connection.recv(SIZE)
        if not came or came != self._message[SIZE - self._missing : SIZE - self._missing + len(came)]:
            raise SystemExit(f"sent {self._message!r}, and {came!r} came back")
        self._missing -= len(came)
        return None if self._missing else time.perf_counter() - self._sent


def main() -> None:
    """Read the command line, play, and print how it went."""
    line = argparse.ArgumentParser(description="Times the round trips of small messages on its connections.")
    content.add_server_argument(line)
    line.add_argument("--connections", type=int, default=1, help="how many at once (default 1)")
    line.add_argument("--seconds", type=float, required=True, help="how long")
    options = line.parse_args()

    players = [Player(content.dial(options.server)) for _ in range(options.connections)]
    for player in players:  # each has been through once before the clock runs
        player.serve()
        while player.catch() is None:
            pass
    warming = play(players, options.seconds * WARM_UP)
    began = time.monotonic()
    trips = play(players, options.seconds)
    took = time.monotonic() - began
    said = {"per_second": len(trips) / took, "microseconds": 1e6 * statistics.median(trips)}
    print(json.dumps(said | {"messages": len(warming) + len(trips) + len(players)}))


def play(players: list[Player], seconds: float) -> list[float]:
    """Play for some seconds and until all messages are back; return the seconds of each round trip."""
    trips: list[float] = []
    end = time.monotonic() + seconds
    with select.epoll() as poll:
        playing = {}
        for player in players:
            poll.register(player.connection, select.EPOLLIN)
            playing[player.connection.fileno()] = player
            player.serve()
        under_way = len(players)
        while under_way:
            for descriptor, _ in poll.poll():
                trip = playing[descriptor].catch()
                if trip is None:
                    continue
                trips.append(trip)
                if time.monotonic() < end:
                    playing[descriptor].serve()
                else:
                    under_way -= 1
    return trips


if __name__ == "__main__":
    main()
