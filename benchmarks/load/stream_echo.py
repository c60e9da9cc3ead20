"""Sends back what comes, on any number of connections at once, in one thread that waits for all of them (epoll)."""

import argparse
import select
import socket

AT_ONCE = 64 * 1024
BACKLOG = 1024


def main() -> None:
    """Read the command line and send back until it is ended by a signal."""
    line = argparse.ArgumentParser(description="Sends back what comes, until it is ended by a signal.")
    line.add_argument("--port", type=int, required=True, help="where to listen")
    options = line.parse_args()
    with socket.create_server(("", options.port), backlog=BACKLOG) as listener, select.epoll() as poll:
        poll.register(listener, select.EPOLLIN)
        connections: dict[int, socket.socket] = {}
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == listener.fileno():
                    connection, _ = listener.accept()
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    connections[connection.fileno()] = connection
                    poll.register(connection, select.EPOLLIN)
                else:
                    echo(connections, descriptor)


def echo(connections: dict[int, socket.socket], descriptor: int) -> None:
    """Send back what came on one connection; forget it when it has ended."""
    try:
        heard = connections[descriptor].recv(AT_ONCE)
        connections[descriptor].sendall(heard)  # small: it never has to wait
    except ConnectionError:
        heard = b""
    if not heard:
        connections.pop(descriptor).close()


if __name__ == "__main__":
    main()
