"""What stands on a command line of services/: each word is a value, or one line says what is wrong with it."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from functools import partial
from ipaddress import IPv4Address
from typing import Any

from reliability.fuzz.target import Pieces, as_text, one_line, target
from services import anycast_responder, packet_switch, router
from services.shared import addresses, command_line, datagrams, endpoint, multicast
from services.shared.endpoint import Endpoint
from services.switching import options

ENDPOINTS: tuple[Callable[[str], Endpoint], ...] = (
    endpoint.remote,
    endpoint.local,
    datagrams.remote,
    datagrams.local,
    multicast.group,
)
OTHERS: tuple[Callable[[str], Any], ...] = (
    endpoint.port,
    partial(command_line.whole_number, lowest=1, highest=10_000),
    command_line.seconds,
    addresses.subnet,
    datagrams.network,
    datagrams.group,
    anycast_responder.address,
    anycast_responder.name,
    options.node_name,
    packet_switch.route,
)
LINK = b"b=6001:b:6001,rate=1000000,delay=0.005,queue=32,cost=1"
LONG = b"1" * 5000


def read(reader: Callable[[str], Any], text: str) -> Any:
    """Return what a reader makes of a text; None where it refuses, in one line."""
    try:
        return reader(text)
    except ArgumentTypeError as error:
        one_line(str(error))
        return None


@target(
    "HOST:PORT: a host that can be looked up and a port; printed, it is read as the same",
    longest=5100,
    seeds=[
        b"\0server:9000",
        b"\1:9000",
        b"\2[fd00::5]:7000",
        b"\x04224.1.1.1:11000",
        b"\2[fe80::1%\xff]:1",
        b"\0a:" + LONG,
    ],
    words=[b":9000", b"[::]:", b"[fd00::5]:", b"..", b"\xc3\xa9"],
)
def endpoints(data: bytes) -> None:
    pieces = Pieces(data)
    reader = ENDPOINTS[pieces.byte() % len(ENDPOINTS)]
    found = read(reader, as_text(pieces.rest().replace(b"\0", b"")))  # no argument has a zero byte
    if found is not None:
        assert 0 <= found.port <= 65535
        found.host.encode("idna")  # as a look-up does; it raises no OSError
        assert not found.host or reader(str(found)) == found


@target(
    "numbers, times, names, groups, subnets: a value within bounds",
    longest=5100,
    seeds=[b"\x009000", b"\2" + b"0.5", b"\x0310.83.0.0/24", b"\5ff05::1:3", b"\x07one", b"\x09h2=b", b"\1" + LONG],
    words=[b"/24", b"::", b"1e", b"nan", b"inf", b"\xd9\xa3"],
)
def values(data: bytes) -> None:
    pieces = Pieces(data)
    reader = OTHERS[pieces.byte() % len(OTHERS)]
    found = read(reader, as_text(pieces.rest().replace(b"\0", b"")))
    if reader is endpoint.port:
        assert found is None or 0 <= found <= 65535
    elif reader is command_line.seconds:
        assert found is None or 0 < found <= 3600
    elif reader is anycast_responder.name:
        assert found is None or b"\n" not in found


@target(
    "--link NEIGHBOUR=PORT:HOST:PORT[,rate=...]: a link within bounds",
    longest=5100,
    seeds=[LINK, b"b=6001:b:6001,rate=" + LONG, b"b=6001:b:6001"],
    words=[b"rate=", b"delay=", b"queue=", b"cost=", b",", b"=6001:"],
)
def links(data: bytes) -> None:
    found = read(options.link, as_text(data))
    if found is not None:
        assert 1 <= found.port <= 65535 and 1 <= found.remote.port <= 65535
        assert found.rate >= 1 and 0 <= found.delay <= 60 and 0 <= found.queue <= 1000 and 1 <= found.cost <= 255
        found.remote.host.encode("idna")
        found.line().offer(0.0, b"packet")


@target(
    "CONFIG of a router: each {SUBNET} becomes the name of an interface, or is named in one line",
    seeds=[
        b"router ospf\n network {10.84.1.0/24} area 0\ninterface {10.84.2.0/24}\n ip pim",
        b"! ip pim\n{10.84.1.0/8}",
    ],
    words=[b"{10.84.1.0/24}", b"{", b"}", b"router pim6", b"ipv6 mld", b"bfd", b"ospf6", b"\xd9\xa3"],
)
def router_configs(data: bytes) -> None:
    here = {IPv4Address("10.84.1.5"): "eth0", IPv4Address("10.84.2.5"): "eth1"}
    config = as_text(data)
    try:
        told, names = router.with_names(config, here)
    except router.ConfigurationError as error:
        one_line(str(error))
        return
    assert set(names) <= {"eth0", "eth1"}
    assert router.with_names(told, here) == (told, []), "a name was put in that stands for a subnet again"
    assert set(router.protocols(told)) <= set(router.NEEDED)
