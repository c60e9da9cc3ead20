"""Hears what a broadcast server sends, keeps all of it, and judges it when the clock has stopped.

Memory for all of it is there before the first line comes. Prints when the end came, and how many lines came, in one
piece, and named; or with --stamps how long each line was under way, in microseconds.
"""

import argparse
import json
import socket
import time

from benchmarks.load import broadcast_lines as lines

AT_ONCE = 256 * 1024
PAGE = 4096


def main() -> None:
    """Receive until the end, and print what came of it."""
    line = argparse.ArgumentParser(description="Receives what a broadcast server sends, and judges it.")
    line.add_argument("--server", type=lines.address, required=True, metavar="HOST:PORT", help="where to connect to")
    line.add_argument("--number", type=int, required=True, help="which of the receivers this is")
    line.add_argument("--room", type=int, default=1 << 20, metavar="BYTES", help="how much may come")
    line.add_argument("--stamps", action="store_true", help="the lines bear times")
    line.add_argument("--quick", action="store_true", help="acknowledge each line at once (TCP_QUICKACK)")
    line.add_argument("--stuck", action="store_true", help="read nothing but the greeting")
    options = line.parse_args()

    connection = lines.dial(options.server)
    room = bytearray(options.room)
    room[::PAGE] = b"\1" * len(room[::PAGE])  # the system gives memory only when it is written to
    heard = b""
    while lines.HELLO not in heard:
        heard += connection.recv(65536)
    connection.sendall(b"here %d\n" % options.number)
    if options.stuck:
        time.sleep(3600)

    view = memoryview(room)
    arrivals = []  # (when, up to where)
    size = 0
    receive, clock = connection.recv_into, time.monotonic_ns
    while got := receive(view[size : size + AT_ONCE]):
        arrivals.append((clock(), size + got))
        if options.quick:  # it has to be asked for again each time
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        if room.find(lines.END[:1], size, size + got) >= 0:
            break
        size += got
    if not got:
        raise lines.NotAsSentError(f"the stream ended, or there was no more room, after {size} bytes")
    connection.sendall(b"got %d\n" % options.number)
    heard = b""
    while lines.DONE not in heard and (said := connection.recv(65536)):
        heard += said
    ended, size = arrivals[-1]
    del view

    if options.stamps:
        print(json.dumps({"ended": ended, "microseconds": ways(bytes(room[:size]), arrivals)}))
    else:
        names = lines.judge(bytes(room[:size]))
        print(json.dumps({"ended": ended, "lines": names.lines, "whole": names.whole, "named": names.named}))


def ways(stream: bytes, arrivals: list[tuple[int, int]]) -> list[int]:
    """Return how long each line was under way; it is there when its newline is."""
    found = []
    done = 0
    for when, size in arrivals:
        cut = stream.rfind(b"\n", done, size) + 1
        if cut:
            found += [(when - stamp) // 1000 for stamp in lines.stamps(stream[done:cut])]
            done = cut
    return found


if __name__ == "__main__":
    main()
