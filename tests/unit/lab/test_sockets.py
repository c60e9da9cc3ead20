"""The kernel's own tables, as real containers showed them, and a few by hand."""

import pytest

from lab.sockets import Sockets, parse

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0B00007F:AFD1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 153531 1 000000002b165e75 \
100 0 0 10 0
   1: 034DFB0A:C3A4 024DFB0A:2328 06 00000000:00000000 03:00001694 00000000     0        0 0 3 000000006b76dc01
   2: 034DFB0A:D9C8 034DFB0A:2329 01 00000000:00000000 00:00000000 00000000     0        0 155071 2 000000002ef6c980 \
20 0 0 10 -1
"""
TCP6 = """\
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when \
retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:2329 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 \
00000000     0        0 155070 1 00000000552aadc9 100 0 0 10 0
   1: 0000000000000000FFFF0000034DFB0A:2329 0000000000000000FFFF0000034DFB0A:D9C8 01 00000000:00000000 00:00000000 \
00000000     0        0 155072 1 0000000020a3eb77 20 0 0 10 -1
"""
UDP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 3964: 00000000:2EE0 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 154814 2 000000008aee044e 0
 4977: 0B00007F:B2D5 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 153530 2 00000000e6c3c918 0
"""
UDP6 = """\
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when \
retrnsmt   uid  timeout inode ref pointer drops
 4309: 00000000000000000000000000000000:3039 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 \
00000000     0        0 155074 2 000000003bfb6335 0
"""
IGMP = (
    "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n"
    "1\tlo        :     1      V3\n"
    "\t\t\t\t010000E0     1 0:00000000\t\t0\n"
    "307\teth0      :     2      V3\n"
    "\t\t\t\t010101E0     1 0:00000000\t\t0\n"
    "\t\t\t\t010000E0     1 0:00000000\t\t0\n"
)
NOTHING = Sockets(frozenset(), frozenset(), frozenset(), frozenset())


def test_ports_that_are_listened_on_over_both_ips() -> None:
    assert parse({"tcp": TCP, "tcp6": TCP6}).listening == {0xAFD1, 9001}


def test_connections_that_are_open_and_not_those_that_wait_to_be_forgotten() -> None:
    mine = "10.251.77.3"
    assert parse({"tcp": TCP}).established == {((mine, 0xD9C8), (mine, 9001))}


def test_an_ipv4_address_in_an_ipv6_socket_is_an_ipv4_address() -> None:
    mine = "10.251.77.3"
    assert parse({"tcp6": TCP6}).established == {((mine, 9001), (mine, 0xD9C8))}


def test_a_true_ipv6_connection() -> None:
    row = "0: 000000FD000000000000000002000000:C350 000000FD000000000000000003000000:2328 01 0 0 0"
    assert parse({"tcp6": f"header\n   {row}\n"}).established == {(("fd00::2", 50000), ("fd00::3", 9000))}


def test_who_is_connected_to_what() -> None:
    sockets = parse({"tcp": TCP})
    assert sockets.connected_to(9001)
    assert not sockets.connected_to(9000)  # in TIME_WAIT
    assert not sockets.connected_to(0xD9C8)  # its own port


def test_udp_ports() -> None:
    assert parse({"udp": UDP, "udp6": UDP6}).udp == {12000, 0xB2D5, 12345}


def test_groups() -> None:
    assert parse({"igmp": IGMP}).groups == {"224.0.0.1", "224.1.1.1"}


def test_a_table_that_is_missing_or_has_a_header_alone_is_empty() -> None:
    assert parse({}) == NOTHING
    assert parse({"tcp": TCP.splitlines()[0] + "\n", "udp": "", "igmp": IGMP.splitlines()[0]}) == NOTHING


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("tcp", "header\n   0: 0B00007F"),
        ("ipv6_route", "OCI runtime exec failed: exec failed: cannot exec in a stopped container"),
        ("igmp", "\t\t\t\t01xx01E0 1"),
        ("if_inet6", "cat: can't open"),
    ],
)
def test_what_is_no_table_is_refused(table: str, text: str) -> None:
    """As the complaint of a command that should have printed one."""
    with pytest.raises(ValueError, match="these are not the tables of a kernel"):
        parse({table: text})
