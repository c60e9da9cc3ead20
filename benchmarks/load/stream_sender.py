"""Sends a stream as fast as it is taken, for some seconds; then ends it, and waits for the end of the other way.

Prints when it began (CLOCK_MONOTONIC, which all containers of a machine share) and how many bytes it sent.
"""

import argparse
import json
import socket
import time

from benchmarks.load import stream_content as content


def main() -> None:
    """Read the command line, send, and print what was sent."""
    line = argparse.ArgumentParser(description="Sends a stream. Prints when it began, and its bytes.")
    content.add_server_argument(line)
    line.add_argument("--seconds", type=float, required=True, help="how long to send")
    options = line.parse_args()

    block = content.block()
    sent = 0
    with content.dial(options.server) as connection:
        began = time.monotonic()
        while time.monotonic() < began + options.seconds:
            connection.sendall(block)
            sent += len(block)
        connection.shutdown(socket.SHUT_WR)
        if connection.recv(1):
            raise SystemExit("the receiver sent something, which it does not")
    print(json.dumps({"began": began, "bytes": sent}))


if __name__ == "__main__":
    main()
