"""Many clients of a broadcast server in one program: each keeps all that it gets, and it is judged afterwards.

    clients 1, 2 ... n ---> one loop of epoll       only one of them speaks for all: what each says goes to all others

Prints when the last of them had all, and how many lines each got, in one piece, and named; or with --stamps how long
each line was under way, in microseconds.
"""

import argparse
import json
import select
import time

from benchmarks.load import broadcast_lines as lines
from benchmarks.load.broadcast_receiver import AT_ONCE, ways


class Client:
    """One of them."""

    def __init__(self, server: tuple[str, int], room: int) -> None:
        self.connection = lines.dial(server)
        self.room = memoryview(bytearray(room))
        self.size = 0
        self.arrivals: list[tuple[int, int]] = []  # (when, up to where)

    def receive(self) -> bool:
        """Take what there is; say whether the end is in it."""
        got = self.connection.recv_into(self.room[self.size : self.size + AT_ONCE])
        if not got:
            raise lines.NotAsSentError(f"the stream ended, or there was no more room, after {self.size} bytes")
        before, self.size = self.size, self.size + got
        self.arrivals.append((time.monotonic_ns(), self.size))
        return lines.END[:1] in bytes(self.room[before : self.size])

    def heard(self) -> bytes:
        """Return all that came."""
        return bytes(self.room[: self.size])


def main() -> None:
    """Join, receive until the end, and print what came of it."""
    line = argparse.ArgumentParser(description="Many receivers of a broadcast server in one program.")
    line.add_argument("--server", type=lines.address, required=True, metavar="HOST:PORT", help="where to connect to")
    line.add_argument("--number", type=int, required=True, help="which of the programs this is")
    line.add_argument("--clients", type=int, required=True, help="how many receivers it has")
    line.add_argument("--room", type=int, default=1 << 20, metavar="BYTES", help="how much may come to each")
    line.add_argument("--stamps", action="store_true", help="the lines bear times")
    options = line.parse_args()

    clients = [Client(options.server, options.room) for _ in range(options.clients)]
    for client in clients:
        while lines.HELLO not in client.heard():
            client.receive()
    speaker = clients[0].connection
    speaker.sendall(b"here %d\n" % options.number)
    until_the_end(clients)
    speaker.sendall(b"got %d\n" % options.number)
    said = b""
    while lines.DONE not in said and (more := speaker.recv(65536)):
        said += more

    ended = max(client.arrivals[-1][0] for client in clients)
    if options.stamps:
        found = [way for client in clients for way in ways(client.heard(), client.arrivals)]
        print(json.dumps({"ended": ended, "microseconds": found, "clients": len(clients)}))
        return
    names = {lines.judge(client.heard()) for client in clients}
    if len(names) > 1:
        raise lines.NotAsSentError(f"clients did not get the same: {names}")
    (one,) = names
    result = {"ended": ended, "lines": one.lines, "whole": one.whole, "named": one.named, "clients": len(clients)}
    print(json.dumps(result))


def until_the_end(clients: list[Client]) -> None:
    """Receive whatever comes to any of them, until all have seen the end."""
    poll = select.epoll()
    waiting: dict[int, Client] = {client.connection.fileno(): client for client in clients}
    for number in waiting:
        poll.register(number, select.EPOLLIN)
    while waiting:
        for number, _ in poll.poll():
            if waiting[number].receive():
                poll.unregister(number)
                del waiting[number]


if __name__ == "__main__":
    main()
