"""Routes and IPv6 addresses, as real nodes of topology/casts.yaml showed them: a host, and a router that knows all."""

from ipaddress import IPv4Network, IPv6Address, IPv6Network

from lab.routes import IPV6_DEFAULT, addresses6, routes
from lab.sockets import TABLES, parse

HEADER = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT   \n"
HOST = {
    "route": HEADER
    + "eth0\t00000000\t01015D0A\t0003\t0\t0\t0\t00000000\t0\t0\t0     \n"
    + "eth0\t00015D0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0     \n",
    "ipv6_route": """\
fd000a5d010000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 \
00000100 00000001 00000000 004c0001     eth0
fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 \
00000100 00000002 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe8000000000000000420afffe5d0102 \
00000400 00000001 00000000 00450003     eth0
fd000a5d0100000000420afffe5d0103 80 00000000000000000000000000000000 00 00000000000000000000000000000000 \
00000000 00000002 00000000 80200001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 \
ffffffff 00000001 00000000 00200200       lo
""",
    "if_inet6": """\
00000000000000000000000000000001 01 80 10 80       lo
fd000a5d0100000000420afffe5d0103 4958 40 00 00     eth0
fe8000000000000000420afffe5d0103 4958 40 20 80     eth0
""",
}
ROUTER = {
    "route": HEADER
    + "eth1\t00015D0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0     \n"
    + "eth0\t00025D0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0     \n"
    + "eth0\t00035D0A\t03025D0A\t0003\t0\t0\t20\t00FFFFFF\t0\t0\t0    \n"
    + "eth1\t01FF5D0A\t06015D0A\t0007\t0\t0\t20\tFFFFFFFF\t0\t0\t0    \n",
    "ipv6_route": """\
fd000a5d030000000000000000000000 40 00000000000000000000000000000000 00 fe8000000000000000420afffe5d0203 \
00000014 00000001 00000000 00000003     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 \
ffffffff 00000001 00000000 00200200       lo
""",
}
JUST_STARTED = """\
00000000000000000000000000000001 01 80 10 80       lo
fe800000000000000042acfffe110002 4a1f 40 20 c0     eth0
"""
"""An address that the kernel does not yet know to be nobody else's."""
MINE = IPv6Address("fd00:a5d:100:0:42:aff:fe5d:103")


def test_the_routes_of_a_host() -> None:
    assert routes(HOST) == {
        IPv4Network("0.0.0.0/0"),
        IPv4Network("10.93.1.0/24"),
        IPv6Network("fd00:a5d:100::/64"),
        IPv6Network("fe80::/64"),
        IPV6_DEFAULT,
        IPv6Network(MINE),
    }


def test_the_routes_of_a_router_lead_to_far_networks_and_to_one_address() -> None:
    far = {IPv4Network("10.93.3.0/24"), IPv4Network("10.93.255.1/32"), IPv6Network("fd00:a5d:300::/64")}
    assert far | {IPv4Network("10.93.1.0/24"), IPv4Network("10.93.2.0/24")} == routes(ROUTER)


def test_the_kernels_last_word_that_there_is_no_default_route_is_none() -> None:
    assert IPV6_DEFAULT not in routes(ROUTER)


def test_a_route_that_leads_nowhere_is_none() -> None:
    blackhole = "*\t0000010A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0     \n"
    unreachable = "*\t0000020A\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0     \n"
    assert routes({"route": HEADER + blackhole + unreachable}) == frozenset()


def test_the_addresses_of_a_host() -> None:
    assert addresses6(HOST) == {IPv6Address("::1"), MINE, IPv6Address("fe80::42:aff:fe5d:103")}


def test_an_address_that_may_still_be_somebody_elses_is_not_ready() -> None:
    assert addresses6({"if_inet6": JUST_STARTED}) == {IPv6Address("::1")}


def test_a_kernel_without_ipv6_has_no_such_tables() -> None:
    assert routes({"route": HEADER, "ipv6_route": ""}) == frozenset()
    assert routes({}) == addresses6({}) == frozenset()


def test_sockets_know_them() -> None:
    assert {*HOST} <= {*TABLES}
    sockets = parse(HOST)
    assert (sockets.routes, sockets.addresses6) == (routes(HOST), addresses6(HOST))
