"""What the router does before FRR: the names in its configuration, the daemons it needs, those that end."""

from ipaddress import IPv4Address
from pathlib import Path

import pytest

from services.router import ConfigurationError, protocols, with_names
from tests.unit.services.conftest import Start

HERE = {IPv4Address("127.0.0.1"): "lo", IPv4Address("10.84.2.11"): "eth0", IPv4Address("10.84.1.254"): "eth1"}


def test_a_subnet_becomes_the_name_of_the_interface_in_it() -> None:
    config = "interface {10.84.1.0/24}\n ip pim\ninterface {10.84.2.0/24}\ninterface {10.84.1.0/24}\ninterface lo"
    text, names = with_names(config, HERE)
    assert text == "interface eth1\n ip pim\ninterface eth0\ninterface eth1\ninterface lo"
    assert names == ["eth1", "eth0"]


def test_other_braces_are_let_be() -> None:
    config = "ip prefix-list x permit 10.0.0.0/8\n! {here} and {}"
    assert with_names(config, HERE) == (config, [])


@pytest.mark.parametrize("subnet", ["10.84.3.0/24", "10.84.1.7/24", "10.84.1.0/33", "10.84.300.0/24"])
def test_a_subnet_that_is_not_here_is_named(subnet: str) -> None:
    with pytest.raises(ConfigurationError, match=subnet):
        with_names(f"interface {{{subnet}}}", HERE)


@pytest.mark.parametrize(
    ("config", "daemons"),
    [
        ("hostname r1\nip route 10.0.0.0/8 10.84.1.1", []),
        ("router ospf", ["ospfd"]),
        ("interface eth0\n ip ospf area 0", ["ospfd"]),
        ("interface eth0\n ip ospf bfd", ["ospfd", "bfdd"]),
        ("interface eth0\n ipv6 ospf6 area 0", ["ospf6d"]),
        ("router ospf6", ["ospf6d"]),
        ("bfd\n profile fast", ["bfdd"]),
        ("interface eth0\n ip pim", ["pimd"]),
        ("interface eth0\n ip igmp version 2", ["pimd"]),
        ("router pim\n rp 10.84.2.11 224.0.0.0/4", ["pimd"]),
        ("interface eth0\n ipv6 pim", ["pim6d"]),
        ("interface eth0\n ipv6 mld", ["pim6d"]),
        ("router pim6", ["pim6d"]),
        ("! router ospf\n# ip pim", []),
    ],
)
def test_a_line_tells_which_daemon_is_needed(config: str, daemons: list[str]) -> None:
    assert protocols(config) == daemons


@pytest.mark.parametrize("subnet", ["203.0.113.0/24", "203.0.113.0/99"])
def test_a_wrong_subnet_is_one_line_and_status_2(start: Start, subnet: str) -> None:
    router = start("router", f"interface {{{subnet}}}\n")
    assert router.end(None) == 2
    assert router.output.count("\n") == 1
    assert subnet in router.output


@pytest.mark.parametrize(("arguments", "wrong"), [((), "CONFIG"), (("hostname r1", "-m"), "-m")])
def test_what_is_missing_is_said_in_one_line(start: Start, arguments: tuple[str, ...], wrong: str) -> None:
    router = start("router", *arguments)
    assert router.end(None) == 2
    assert router.output.count("\n") == 1
    assert wrong in router.output


@pytest.mark.skipif(Path("/usr/lib/frr").exists(), reason="FRR is installed here, and would start")
def test_where_there_is_no_frr_it_says_what_to_do(start: Start) -> None:
    router = start("router", "hostname r1", "-m", "platform", "--help")
    assert router.end(None) == 1
    assert router.output.count("\n") == 1
    assert "socklab-router" in router.output
