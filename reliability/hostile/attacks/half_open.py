"""Connections of which only one end is left, or that never get a second one.

syn        SYNs from addresses that nobody has: what the server answers gets lost
vanish     this host takes an address, connects from it, says half a line, and is gone without a word: nothing, not even
           a reset, ever comes from there again (needs CAP_NET_ADMIN)
"""

import json
import random
import socket
import subprocess
import time
from ipaddress import IPv4Network

from reliability.hostile.attacks.wire import Wire
from reliability.hostile.attacks.words import command_line, tell

AT_ONCE = 100


def subnet() -> IPv4Network:
    """Return the subnet of this container's only network: what is sent to an address in it never leaves the bridge."""
    listed = subprocess.run(["ip", "-json", "-4", "address", "show", "eth0"], capture_output=True, check=True).stdout
    (address,) = json.loads(listed)[0]["addr_info"]
    return IPv4Network(f"{address['local']}/{address['prefixlen']}", strict=False)


def nobodys(network: IPv4Network, source: random.Random) -> str:
    """Return an address of the subnet that the engine gives to nobody: it begins at the other end."""
    return str(network[-2 - source.randrange(min(1000, network.num_addresses // 4))])


def syns(server: tuple[str, int], seconds: float) -> int:
    """Send SYNs for so long; return how many."""
    wire, source, here = Wire(), random.Random(6), subnet()  # noqa: S311
    until = time.monotonic() + seconds
    sent = 0
    while time.monotonic() < until:
        for _ in range(AT_ONCE):
            wire.syn((nobodys(here, source), source.randrange(1024, 65536)), server)
        sent += AT_ONCE
    return sent


def vanish(server: tuple[str, int], count: int) -> int:
    """Connect from an address, and have it no more; return how many connections there were."""
    here = subnet()
    own = f"{nobodys(here, random.Random(7))}/{here.prefixlen}"  # noqa: S311
    subprocess.run(["ip", "address", "add", own, "dev", "eth0"], check=True)
    connections = []
    try:
        for _ in range(count):
            connection = socket.create_connection(server, timeout=5.0, source_address=(own.partition("/")[0], 0))
            connection.sendall(b"half a li")
            connections.append(connection)
    finally:
        subprocess.run(["ip", "address", "del", own, "dev", "eth0"], check=True)
    return len(connections)


def main() -> None:
    """Attack, and say what came of it."""
    options = command_line("Leaves connections half open.").parse_args()
    if options.kind == "syn":
        tell(SYNs=syns(options.server, options.seconds))
    else:
        tell(connections=vanish(options.server, options.count))


if __name__ == "__main__":
    main()
