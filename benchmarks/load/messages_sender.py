"""Sends messages to many receivers, by multicast or by TCP, as fast as all of them take them in.

    for each block:     wait until all have acknowledged the block before the last
        each message:   one call (multicast), or one for each receiver (TCP)
        announce it     if receivers are to read it at once, instead of message by message

Prints when the last receiver has acknowledged the last block: how long that took, how many calls, how many frames.
"""

import argparse
import json
import socket

from benchmarks.load import messages_by_multicast, messages_by_tcp
from benchmarks.load import messages_crowd as crowds
from benchmarks.load.messages_counters import Counters
from services.shared import multicast

AHEAD = 2
"""Blocks that are under way at most."""

OVERHEAD = 1024
"""Bytes of a receive buffer that a message takes beside its own, at most (Linux counts its own records, too)."""


def main() -> None:
    """Read the command line, wait for the receivers, send, and print what it took."""
    line = argparse.ArgumentParser(description="Sends messages to many receivers and prints what that took.")
    multicast.add_group_argument(line)
    line.add_argument("--by", choices=["multicast", "tcp"], required=True, help="how to send")
    line.add_argument("--address", required=True, help="own address on the network of the receivers")
    line.add_argument("--port", type=int, required=True, help="TCP port for the receivers")
    line.add_argument("--receivers", type=int, required=True, help="how many to wait for")
    line.add_argument("--messages", type=int, required=True, help="how many to send")
    line.add_argument("--size", type=int, default=64, help="bytes of a message (default 64)")
    line.add_argument("--block", type=int, help="messages that are acknowledged together, at most (default: all)")
    line.add_argument("--announce", action="store_true", help="say when a block was sent; it is read only then")
    options = line.parse_args()

    listener = socket.create_server((options.address, options.port), backlog=2 * options.receivers)
    crowd, buffer = crowds.gather(listener, options.receivers)
    block = options.block or options.messages
    if options.by == "multicast" or options.announce:  # else TCP itself sees to it that not too much is under way
        block = max(1, min(block, buffer // 2 // AHEAD // (OVERHEAD + options.size)))
    terms = crowds.Terms(options.messages, options.size, block, options.announce, options.port)
    crowds.tell(crowd, terms)
    if options.by == "multicast":
        sends = messages_by_multicast.sending(options.group, options.address)
        announcements = messages_by_multicast.announcing(options.group, options.address)
    else:
        sends = messages_by_tcp.sending(listener, options.receivers)
        announcements = messages_by_tcp.announcing(crowd)
    blocks = list(terms.blocks())
    crowds.wait_for_all(crowd)

    counters = Counters(options.address)
    calls = 0
    for number, messages in enumerate(blocks):
        if number >= AHEAD:
            crowds.wait_for_all(crowd)
        for message in messages:
            for send in sends:
                send(message)
        calls += len(messages) * len(sends)
        if options.announce:
            for announce in announcements:
                announce(crowds.SIGN)
            calls += len(announcements)
    for _ in blocks[-AHEAD:]:
        crowds.wait_for_all(crowd)
    print(json.dumps(counters.read() | {"calls": calls, "block": block}))


if __name__ == "__main__":
    main()
