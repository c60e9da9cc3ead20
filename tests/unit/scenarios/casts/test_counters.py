"""Counters of kernels, as they stand on terminals."""

from lab.events import Printed
from scenarios.casts.checks.counters import looks, readings
from tests.unit.scenarios.casts.routed import Routed

SNMP = """\
Ip: Forwarding InReceives
Ip: 1 {}
Icmp: InMsgs
Icmp: 9
Tcp: RtoMin MaxConn
Tcp: 200 -1
Udp: InDatagrams
Udp: 4
UdpLite: InDatagrams
UdpLite: 5
"""


def test_each_protocol_has_its_own() -> None:
    read = {protocol: readings(SNMP.format(7), protocol) for protocol in ("Ip", "Icmp", "Tcp", "Udp", "UdpLite")}
    assert read == {
        "Ip": [{"Forwarding": 1, "InReceives": 7}], "Icmp": [{"InMsgs": 9}], "Tcp": [{"RtoMin": 200, "MaxConn": -1}],
        "Udp": [{"InDatagrams": 4}], "UdpLite": [{"InDatagrams": 5}],
    }  # fmt: skip


def test_each_look_has_its_time() -> None:
    lab = Routed().start()
    times = []
    for count in (7, 8):
        lab.printed("w2", f"> {SNMP.format(count)}")
        times.append(lab.time)
        lab.printed("w3", SNMP.format(0))
    assert looks(lab.history(), "w2", "Ip") == [
        (times[0], {"Forwarding": 1, "InReceives": 7}),
        (times[1], {"Forwarding": 1, "InReceives": 8}),
    ]


def test_two_looks_that_come_at_once_are_two() -> None:
    lab = Routed().start()
    lab.printed("w2", SNMP.format(7) + SNMP.format(8))
    assert [counters["InReceives"] for _, counters in looks(lab.history(), "w2", "Ip")] == [7, 8]


def test_a_look_is_one_when_its_last_byte_has_come() -> None:
    lab = Routed().start()
    for piece in (b"Ip: Forwarding InRec", b"eives\r\nIp: 1 7", b"2\r\n"):
        lab.later(1)
        lab.events.append(Printed(time=lab.time, node="w2", data=piece))
    assert looks(lab.history(), "w2", "Ip") == [(lab.time, {"Forwarding": 1, "InReceives": 72})]
