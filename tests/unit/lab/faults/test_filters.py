"""What nft is told: word by word, since no kernel reads it here."""

from lab.faults.filters import ANY_IP, Filter, from_addresses, note, rules

COMES_IN = """\
add table inet socklab.loss.in.alice
delete table inet socklab.loss.in.alice
table inet socklab.loss.in.alice {
  chain incoming {
    type filter hook prerouting priority raw
    iifname lo accept
    ip saddr { 10.83.0.3, 10.83.0.1 } numgen random mod 10000 < 2000 drop
    ip6 saddr { fd00::3 } numgen random mod 10000 < 2000 drop
  }
}
"""

GOES_OUT = """\
add table netdev socklab.cut.out
delete table netdev socklab.cut.out
table netdev socklab.cut.out {
  chain outgoing-eth0 {
    type filter hook egress device eth0 priority 0
    meta protocol { ip, ip6 } ether daddr set 02:00:00:00:00:00
  }
  chain outgoing-eth1 {
    type filter hook egress device eth1 priority 0
    meta protocol { ip, ip6 } ether daddr set 02:00:00:00:00:00
  }
}
"""


def test_what_comes_in_from_some_is_dropped_by_chance() -> None:
    match = from_addresses(["10.83.0.3", "fd00::3", "10.83.0.1"])
    assert rules(Filter("loss.in.alice", match, 2000), ()) == COMES_IN


def test_what_goes_out_is_sent_to_nobody_at_each_interface() -> None:
    assert rules(Filter("cut.out", ANY_IP, leaving=True), ["eth0", "eth1"]) == GOES_OUT


def test_what_comes_to_a_port_is_dropped_when_it_is_whole() -> None:
    text = rules(Filter("port.udp.7", ("udp dport 7",), hook="input"), ())
    assert "    type filter hook input priority filter\n    iifname lo accept\n    udp dport 7 drop\n  }" in text


def test_all_that_comes_in_is_dropped_but_what_a_node_says_to_itself() -> None:
    assert "    iifname lo accept\n    drop\n" in rules(Filter("cut.in"), ())


def test_a_note_says_how_much_and_does_nothing() -> None:
    assert note("rate.out.bob", "1mbit") == (
        "add table inet socklab.rate.out.bob\n"
        "delete table inet socklab.rate.out.bob\n"
        "table inet socklab.rate.out.bob {\n"
        "  chain amount {\n"
        '    counter comment "1mbit"\n'
        "  }\n"
        "}\n"
    )
