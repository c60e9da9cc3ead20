"""What is thrown is what its name says."""

import itertools
import socket
from ipaddress import IPv4Address, IPv4Network
from random import Random

import pytest

from reliability.hostile.attacks.datagrams import LONGEST, harmful, ill_meant, lengths, shuffled_twice
from reliability.hostile.attacks.half_open import nobodys
from reliability.hostile.attacks.wire import Wire
from reliability.hostile.attacks.words import milliseconds
from services.switching.header import LARGEST, Kind, checksum, decode
from services.switching.transfers import transfer_of


class Put:
    """In place of a raw socket, which takes rights to open."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []

    def sendto(self, data: bytes, to: tuple[str, int]) -> None:
        assert socket.inet_aton(to[0]) == data[16:20]
        self.packets.append(data)


@pytest.fixture
def put() -> Put:
    return Put()


@pytest.fixture
def wire(put: Put) -> Wire:
    found = Wire.__new__(Wire)
    found._socket = put  # type: ignore[assignment]
    found._numbers = Random(1)  # noqa: S311
    return found


def test_a_forged_datagram_says_it_is_from_whom_it_shall(wire: Wire, put: Put) -> None:
    wire.send(("10.0.0.9", 7), ("10.0.0.2", 9), b"exit")
    (packet,) = put.packets
    assert packet[12:16] == socket.inet_aton("10.0.0.9")
    assert packet[20:28] == b"\0\x07\0\x09\0\x0c\0\0"
    assert packet[28:] == b"exit"


def test_a_long_one_is_cut_into_fragments_that_fit_together(wire: Wire, put: Put) -> None:
    wire.send(("10.0.0.9", 7), ("10.0.0.2", 9), b"x" * LONGEST)
    offsets = [int.from_bytes(packet[6:8], "big") for packet in put.packets]
    sizes = [len(packet) - 20 for packet in put.packets]
    assert [(offset & 0x1FFF) * 8 for offset in offsets] == [0, *itertools.accumulate(sizes[:-1])]
    assert [bool(offset & 0x2000) for offset in offsets] == [True] * (len(offsets) - 1) + [False]
    assert len({packet[4:6] for packet in put.packets}) == 1
    assert sum(sizes) == 8 + LONGEST


def test_a_syn_has_the_checksum_of_tcp(wire: Wire, put: Put) -> None:
    wire.syn(("10.0.0.9", 1024), ("10.0.0.2", 9000))
    (packet,) = put.packets
    segment = packet[20:]
    pseudo = packet[12:20] + bytes([0, 6]) + len(segment).to_bytes(2, "big")
    assert checksum(pseudo + segment) == 0
    assert segment[13] == 2  # SYN alone


@pytest.mark.parametrize("size", [16, 20, 24])
def test_nobodys_address_is_in_the_subnet_and_not_where_the_engine_begins(size: int) -> None:
    network = IPv4Network(f"172.18.0.0/{size}")
    found = {nobodys(network, Random(seed)) for seed in range(200)}  # noqa: S311
    places = [int(IPv4Address(address)) - int(network[0]) for address in found]
    assert min(places) > network.num_addresses // 2
    assert max(places) < network.num_addresses - 1


def test_what_is_ill_meant_is_well_formed_and_never_the_same_message() -> None:
    packets = [decode(data) for data in itertools.islice(ill_meant(True, "h2"), 2000)]
    transfers = [transfer for packet in packets if (transfer := transfer_of(packet.payload))]
    assert len(set(transfers)) == len(transfers) > 400
    assert {packet.kind for packet in packets} == {Kind.DATAGRAM, Kind.DATA, Kind.SETUP, Kind.VECTOR}
    assert {decode(data).kind for data in harmful(True)} == {Kind.VECTOR, Kind.DATAGRAM, Kind.SETUP}


def test_each_comes_twice_and_not_in_order() -> None:
    said = list(itertools.islice(shuffled_twice(False, "h2"), 640))
    assert sorted(said) == sorted([b"again %d" % number for number in range(320)] * 2)
    assert said != sorted(said)


def test_every_beginning_and_lengths_that_lie() -> None:
    thrown = list(lengths(b"whole"))
    assert [data for data, claimed in thrown if claimed is None] == [b"", b"w", b"wh", b"who", b"whol"]
    assert all(claimed != 8 + 5 for _, claimed in thrown)
    assert LARGEST < LONGEST


def test_p50_p99_and_the_worst() -> None:
    assert milliseconds([]) == {}
    assert milliseconds([number * 1_000_000 for number in range(1, 101)]) == {"p50": 50.5, "p99": 100.0, "worst": 100.0}
