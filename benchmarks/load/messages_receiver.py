"""Receives messages, by multicast or by TCP, and checks that all of them come: whole, in order, none missing or twice.

Prints how many there were, and the processor time that receiving took.
"""

import argparse
import contextlib
import json
import time

from benchmarks.load import messages_by_multicast, messages_by_tcp
from benchmarks.load import messages_crowd as crowds
from services.shared import multicast


def main() -> None:
    """Read the command line, receive, check, acknowledge."""
    line = argparse.ArgumentParser(description="Receives messages and checks that all of them come.")
    multicast.add_group_argument(line)
    line.add_argument("--by", choices=["multicast", "tcp"], required=True, help="how they come")
    line.add_argument("--address", required=True, help="own address on the network of the sender")
    line.add_argument("--sender", required=True, help="address of the sender")
    line.add_argument("--port", type=int, required=True, help="its TCP port")
    options = line.parse_args()

    connection = crowds.connect(options.sender, options.port)
    receiver: messages_by_multicast.Receiver | messages_by_tcp.Receiver
    if options.by == "multicast":
        receiver = messages_by_multicast.Receiver(options.group, options.address)
        terms = crowds.hear(connection, receiver.buffer)
    else:
        terms = crowds.hear(connection, crowds.BUFFER)
        receiver = messages_by_tcp.Receiver(options.sender, terms.port, connection, bool(terms.announced))
    blocks = list(terms.blocks())
    connection.sendall(crowds.SIGN)

    before = time.process_time()
    for expected in blocks:
        if terms.announced:
            receiver.wait()
        check(receiver.receive(len(expected)), expected)
        connection.sendall(crowds.SIGN)
    cpu_seconds = time.process_time() - before
    with contextlib.suppress(OSError):
        connection.recv(1)  # until the sender has ended: a program that ends takes time, which others here still need
    print(json.dumps({"messages": terms.messages, "cpu_seconds": cpu_seconds}))


def check(came: list[bytes], expected: list[bytes]) -> None:
    """Compare what came with what was sent. NotAllError names the first message that is not right."""
    if came != expected:
        one, other = next((one, other) for one, other in zip(came, expected, strict=True) if one != other)
        raise crowds.NotAllError(f"{other[:16]!r}... was to come, and {one[:16]!r}... came")


if __name__ == "__main__":
    main()
