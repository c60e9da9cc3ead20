"""The Project 3 client: sends each word typed, as it is, with no newline. `exit` or Ctrl-D ends it."""

import argparse
import os
import signal
import socket
import sys


def main() -> None:
    """Connect, then send what is typed."""
    # Without a usage text an error is one line.
    parser = argparse.ArgumentParser(
        usage=argparse.SUPPRESS, description="TCP client of Project 3: sends each word typed. `exit` ends it."
    )
    parser.add_argument("--host", default="localhost", help="where the server is (default localhost)")
    parser.add_argument("--port", type=port, default=10000, help="port of the server (default 10000)")
    options = parser.parse_args()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: os._exit(0))

    try:
        server = socket.create_connection((options.host, options.port))
    except OSError as error:
        sys.exit(f"tcp_client: no server at {options.host}:{options.port}: {error.strerror or error}")
    with server:
        print(f"connected to {options.host}:{options.port}", flush=True)
        try:
            while True:
                word = input("> ")
                server.sendall(word.encode(errors="surrogateescape"))
                if word == "exit":
                    break
        except EOFError:
            print()
        except OSError as error:
            sys.exit(f"tcp_client: the server is gone: {error.strerror}")


def port(text: str) -> int:
    """Read the number of a port. Raises ArgumentTypeError."""
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 1 to 65535")
    return int(text)


if __name__ == "__main__":
    main()
