"""Receives one stream and compares every byte of it with what was sent, while the clock runs.

To compare a block costs a twentieth of what it costs to receive it (memcmp, in the cache). Prints when the stream
ended (CLOCK_MONOTONIC) and how many bytes it had; a wrong byte ends it with one line that says where it was.
"""

import argparse
import json
import socket
import time

from benchmarks.load import stream_content as content


def main() -> None:
    """Read the command line, receive, and print what came."""
    line = argparse.ArgumentParser(description="Receives one stream, and checks it. Prints when it ended, its bytes.")
    line.add_argument("--port", type=int, required=True, help="where to listen")
    options = line.parse_args()

    with socket.create_server(("", options.port)) as listener:
        connection, _ = listener.accept()
    with connection:
        size = receive(connection)
        ended = time.monotonic()
    print(json.dumps({"ended": ended, "bytes": size}))


def receive(connection: socket.socket) -> int:
    """Read a stream to its end and return its length. SystemExit at the first block with a wrong byte."""
    block = content.block()
    buffer = bytearray(len(block))
    size = 0
    while True:
        # Filled to the end but for the last one, so that a block is always compared with the whole block.
        came = connection.recv_into(buffer, len(block), socket.MSG_WAITALL)
        # The bytearray stands left: its comparison is a memcmp.
        as_sent = buffer == block if came == len(block) else buffer[:came] == block[:came]
        if not as_sent:
            wrong = next(place for place in range(came) if buffer[place] != block[place])
            raise SystemExit(f"byte {size + wrong} of the stream is not what was sent")
        size += came
        if came < len(block):
            return size


if __name__ == "__main__":
    main()
