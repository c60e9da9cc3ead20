"""The Project 3 server: prints the words that its clients send, each client in a thread of its own.

A connection ends when the client sends `exit`, or nothing more. Nothing is ever sent back.
"""

import argparse
import contextlib
import os
import signal
import socket
import sys
import threading


def serve_client(client: socket.socket, address: tuple[str, int]) -> None:
    """Print what one client sends until it says `exit`, ends its stream or is lost."""
    with client, contextlib.suppress(OSError):
        while data := client.recv(1024):
            word = data.decode(errors="replace")
            print(f'received "{word}"', file=sys.stderr, flush=True)
            if word == "exit":
                break
    print(f"client gone: address {address}", flush=True)


def main() -> None:
    """Accept clients for ever."""
    # Without a usage text an error is one line.
    parser = argparse.ArgumentParser(
        usage=argparse.SUPPRESS, description="TCP server of Project 3: prints what its clients send."
    )
    parser.add_argument("--port", type=port, default=10000, help="port to listen on (default 10000; 0: any free)")
    parser.add_argument("--host", default="", help="address to listen on (default: every one)")
    options = parser.parse_args()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: os._exit(0))

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((options.host, options.port))
        except OSError as error:
            sys.exit(f"tcp_server: cannot listen on port {options.port}: {error.strerror}; give another --port")
        listener.listen(5)
        print(f"waiting for connections on port {listener.getsockname()[1]}", flush=True)
        while True:
            client, address = listener.accept()
            print(f"client connected: address {address}", flush=True)
            threading.Thread(target=serve_client, args=(client, address), daemon=True).start()


def port(text: str) -> int:
    """Read the number of a port. Raises ArgumentTypeError."""
    if not (text.isdecimal() and 0 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 0 to 65535")
    return int(text)


if __name__ == "__main__":
    main()
