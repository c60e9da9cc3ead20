"""Sends back what comes, each connection in a thread of its own: who does not read holds up nobody else."""

import argparse
import contextlib
import socket
import socketserver


class Echo(socketserver.BaseRequestHandler):
    """One connection."""

    def handle(self) -> None:
        """Send back what comes until it ends."""
        connection: socket.socket = self.request
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError):
            while data := connection.recv(1 << 16):
                connection.sendall(data)


class Server(socketserver.ThreadingTCPServer):
    """All of them."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024


def main() -> None:
    """Serve until it is ended by a signal."""
    line = argparse.ArgumentParser(description="Sends back what comes, until it is ended by a signal.")
    line.add_argument("--port", type=int, required=True, help="where to listen")
    with Server(("", line.parse_args().port), Echo) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
