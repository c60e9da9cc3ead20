from ipaddress import IPv4Address

import pytest

from .conftest import Loads, Refuses

TWO = """\
name: two
base: 10.83.0.0/16
networks:
  west: {subnet: 10.83.1.0/24}
  east: {subnet: 10.83.2.0/29}
nodes:
  a: {role: host, networks: [west]}
  b: {role: host, networks: {east: 10.83.2.2, west: null}}
  c: {role: host, networks: [east]}
"""


def addresses(loads: Loads, text: str, **options: object) -> dict[str, dict[str, str]]:
    nodes = loads(text, **options).nodes.values()
    return {node.name: {name: str(address) for name, address in node.addresses.items()} for node in nodes}


def test_the_lowest_free_in_the_order_of_the_file(loads: Loads) -> None:
    assert addresses(loads, TWO) == {
        "a": {"west": "10.83.1.2"},
        "b": {"east": "10.83.2.2", "west": "10.83.1.3"},
        "c": {"east": "10.83.2.3"},
    }


def test_networks(loads: Loads) -> None:
    west = loads(TWO).networks["west"]
    assert (west.name, str(west.subnet), west.gateway) == ("west", "10.83.1.0/24", IPv4Address("10.83.1.1"))


def test_another_base_moves_everything(loads: Loads) -> None:
    topology = loads(TWO, base="172.20.16.0/20")
    assert str(topology.base) == "172.20.16.0/20"
    assert [str(network.subnet) for network in topology.networks.values()] == ["172.20.17.0/24", "172.20.18.0/29"]
    assert str(topology.networks["west"].gateway) == "172.20.17.1"
    assert addresses(loads, TWO, base="172.20.16.0/20")["b"] == {"east": "172.20.18.2", "west": "172.20.17.3"}


@pytest.mark.parametrize(
    ("base", "said"),
    [
        (
            "10.9.0.0/23",
            "5: east (10.83.2.0/29) does not fit when 10.83.0.0/16 is moved to 10.9.0.0/23; give a base of /22",
        ),
        ("ten", "2: the base asked for will not do: 'ten' is no IPv4 subnet; write"),
        ("10.9.0.1/16", "2: the base asked for will not do: 10.9.0.1/16 is not how a subnet is written here; write"),
        ("", "2: the base asked for will not do: '' is no IPv4 subnet; "),
    ],
)
def test_a_base_that_will_not_do(refuses: Refuses, base: str, said: str) -> None:
    assert said in refuses(TWO, base=base)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("10.83.2.2", "10.84.2.2", "8: 10.84.2.2 of b lies outside east (10.83.2.0/29); take one inside"),
        ("10.83.2.2", "10.83.2.0", "8: 10.83.2.0 of b is the address of the network itself of east; take another"),
        ("10.83.2.2", "10.83.2.1", "8: 10.83.2.1 of b is the gateway of east; take another"),
        ("10.83.2.2", "10.83.2.7", "8: 10.83.2.7 of b is the broadcast address of east; take another"),
        ("[east]", "{east: 10.83.2.2}", "9: 10.83.2.2 of c is taken by b; take another, or leave it out"),
        ("10.83.2.0/29", "10.84.2.0/29", "5: east (10.84.2.0/29) lies outside the base 10.83.0.0/16; move it inside"),
        ("10.83.2.0/29", "10.83.1.8/29", "5: east (10.83.1.8/29) overlaps west (10.83.1.0/24); give each"),
        ("10.83.2.0/29", "10.83.2.0/31", "5: east (10.83.2.0/31) has no room for a node; take a /29 or larger"),
        ("[west]", "[wst]", "7: a is on wst, which is no network; choose from west, east"),
        (", networks: [west]", "", "7: a does not say its networks; choose from west, east"),
        ("[east]}", "[east], count: 5}", "5: east (10.83.2.0/29) has addresses for 5 nodes and is asked for 6; take"),
        ("[east]}", "{east: 10.83.2.3}, count: 2}", "9: 10.83.2.3 cannot be given to all of c; leave it out"),
    ],
)
def test_refused(refuses: Refuses, old: str, new: str, said: str) -> None:
    assert old in TWO
    assert said in refuses(TWO.replace(old, new))


def test_a_network_can_be_full(loads: Loads) -> None:
    assert len(loads(TWO.replace("[east]}", "[east], count: 4}")).nodes) == 6
