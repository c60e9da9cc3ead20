"""The anycast responder: says who answers, at an address that several machines have.

    client ---> 10.84.255.1, by the shortest route --+-- one: has it, answers `one: text`
                                                     '-- two: has it as well, is further away

Each datagram is answered by one, and so is each line of a TCP connection. Nothing here is about anycast but the
address; that routes lead to several machines with it is the work of routers.
"""

import errno
import socket
import threading
import time
from argparse import ArgumentTypeError
from functools import partial
from ipaddress import ip_address

from services.shared import datagrams, endpoint
from services.shared.command_line import CommandLine
from services.shared.ending import end_on_signals, fail
from services.shared.endpoint import Endpoint
from services.shared.hearing import LARGEST_DATAGRAM
from services.shared.lines import LineTooLongError, batches
from services.shared.listener import Listener
from services.shared.output import say, write
from services.shared.sanitise import sanitise
from services.shared.tcp import close_politely, reason
from services.shared.threads import Thread

_MOST_CLIENTS = 1000  # of TCP, at a time: each may make us keep a long line, and a thread
_PATIENCE_SECONDS = 10.0
_RETRY_SECONDS = 0.02


def address(text: str) -> str:
    """Read an address. Raises ArgumentTypeError."""
    try:
        return str(ip_address(text))
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no address: give one as in 10.84.255.1") from None


def name(text: str) -> bytes:
    """Read a name: one line of text. Raises ArgumentTypeError."""
    if not text.strip() or not text.isprintable():
        raise ArgumentTypeError(f"{text!r} is no name: give one as in one")
    return text.encode("utf-8", "surrogateescape")


def main() -> None:
    """Read the command line, wait for the address, answer."""
    line = CommandLine("anycast_responder", "Answers each datagram, and each line of a TCP connection, with its name.")
    line.add_argument("--address", type=address, required=True, help="address to answer from, which this machine has")
    line.add_argument(
        "--port",
        type=partial(endpoint.port, lowest=1),
        required=True,
        help="port to answer on, of UDP and of TCP",
    )
    line.add_argument("--name", type=name, required=True, help="what to answer: `NAME: text`")
    options = line.parse_args()
    end_on_signals()

    where = Endpoint(options.address, options.port)
    here, listener = when_there_is(where)
    listener.listen()
    say(f"* answering as {options.name.decode(errors='replace')} on {where}")
    Thread(target=answer_datagrams, args=(here, options.name), name="datagrams", daemon=True).start()
    serve(listener, options.name, _MOST_CLIENTS)


def when_there_is(where: Endpoint) -> tuple[socket.socket, Listener]:
    """Bind both sockets as soon as this machine has the address: a router gives it one while it starts."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    here = datagrams.open_socket(where.host)
    while True:
        try:
            here.bind(where)
            return here, Listener(where)
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                fail(f"cannot answer on {where}: {reason(error)}; give another --port")
        if time.monotonic() > deadline:
            fail(f"this machine has had no address {where.host} for {_PATIENCE_SECONDS:g} s: give it to an interface")
        time.sleep(_RETRY_SECONDS)


def serve(listener: Listener, name: bytes, most: int) -> None:
    """Answer so many clients at a time, each in a thread of its own, for ever; let go who comes when there are more."""
    places = threading.Semaphore(most)

    def answer(connection: socket.socket, client: Endpoint) -> None:
        try:
            answer_lines(connection, client, name)
        finally:
            places.release()

    while True:
        if (accepted := listener.accept()) is None:
            continue
        connection, client = accepted
        if not places.acquire(blocking=False):
            say(f"* let {client} go: {most} others are here")
            connection.close()
            continue
        try:
            Thread(target=answer, args=accepted, name=f"lines-{client}", daemon=True).start()
        except RuntimeError as error:  # the system allows no more threads
            say(f"* let {client} go: {error}")
            connection.close()
            places.release()


def answer_datagrams(here: socket.socket, name: bytes) -> None:
    """Answer each datagram, for ever, but for those from a responder's port: two would answer each other for ever."""
    port = here.getsockname()[1]
    while True:
        try:
            text, source = here.recvfrom(LARGEST_DATAGRAM)
            show(source[0], text.replace(b"\n", b"?") + b"\n")
            if source[1] != port:
                here.sendto(name + b": " + text, source)
        except OSError as error:  # this answer alone is lost, as any datagram may be
            say(f"* cannot answer: {reason(error)}")


def answer_lines(connection: socket.socket, client: Endpoint, name: bytes) -> None:
    """Answer each line of a client, until it ends its stream or is gone."""
    try:
        for batch in batches(connection):
            show(client.host, batch)
            connection.sendall(before_each(name + b": ", batch))
    except (OSError, LineTooLongError):
        pass
    close_politely(connection)


def show(source: str, lines: bytes) -> None:
    """Print who asked what."""
    write(sanitise(before_each(source.encode() + b" ", lines)))


def before_each(mark: bytes, lines: bytes) -> bytes:
    """Put `mark` before every line."""
    return mark + lines[:-1].replace(b"\n", b"\n" + mark) + b"\n"


if __name__ == "__main__":
    main()
