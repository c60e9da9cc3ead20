"""The broadcast server: every line that client N sends reaches every other client as `[N] line`.

    client 1 --- reader thread 1 --.            .-- output 2 -- (writer thread 2) --- client 2
                                    >-- room --<
    client 3 --- reader thread 3 --'            '-- output 3 -- (writer thread 3) --- client 3

This file opens the door. Who is in, and what reaches whom: broadcast_room.py. One client's threads:
broadcast_member.py. What waits for it, and who sends it: broadcast_output.py. What goes to the multicast group as
well: broadcast_publisher.py.
"""

from functools import partial

from services.broadcast_publisher import Publisher
from services.broadcast_room import Room
from services.shared import addresses, endpoint, multicast
from services.shared.command_line import CommandLine, whole_number
from services.shared.ending import end_on_signals, fail
from services.shared.endpoint import Endpoint
from services.shared.listener import Listener
from services.shared.output import say
from services.shared.tcp import close_politely, reason
from services.shared.threads import Thread


def main() -> None:
    """Read the command line and serve."""
    line = CommandLine("broadcast_server", "Sends every line that a client sends to all other clients, with its ID.")
    line.add_argument("--port", type=endpoint.port, default=9000, help="port to listen on (default 9000; 0: any free)")
    line.add_argument("--host", default="0.0.0.0", help="address to listen on (default 0.0.0.0, which is every one)")
    line.add_argument(
        "--max-clients",
        type=partial(whole_number, lowest=1, highest=10000),
        default=5,
        metavar="N",
        help="how many may be in at a time (default 5); one more is told `* server full`",
    )
    line.add_argument(
        "--publish",
        type=multicast.group,
        metavar="GROUP:PORT",
        help="send each message to this multicast group too, as one datagram `[N] line`",
    )
    multicast.add_sending_arguments(line)
    options = line.parse_args()
    end_on_signals()

    publish = None
    if options.publish:
        try:
            interface = addresses.for_group(options.publish, options.interface)
            sender = multicast.sending_socket(interface, options.ttl)
        except (addresses.NotHereError, OSError) as error:
            fail(f"cannot publish to {options.publish}: {error}")
        publish = Publisher(sender, options.publish).publish
        say(f"publishing to {options.publish} on {interface}")

    where = Endpoint(options.host, options.port)
    try:
        listener = Listener(where)
    except OSError as error:
        fail(f"cannot listen on {where}: {reason(error)}; give another --port or --host")
    listener.listen()
    say(f"listening on {listener.endpoint}, for at most {options.max_clients} clients")
    serve(listener, Room(options.max_clients, publish))


def serve(listener: Listener, room: Room) -> None:
    """Let clients into the room, for ever."""
    while True:
        if (accepted := listener.accept()) is None:
            continue
        connection, address = accepted
        try:
            if (member := room.admit(connection)) is None:
                say(f"refused {address}: server full")
                # In a thread, since the client takes its time to read this and close.
                Thread(
                    target=close_politely, args=(connection, b"* server full\n"), name=f"refuse-{address}", daemon=True
                ).start()
            else:
                say(f"client {member.number} joined from {address}")
                member.start()
        except RuntimeError as error:  # the system allows no more threads
            say(f"let {address} go: {error}")
            connection.close()


if __name__ == "__main__":
    main()
