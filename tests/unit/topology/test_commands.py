from pathlib import Path

import pytest

from topology.roles import ROLES

from .conftest import Loads, Refuses, whole

ALL = """\
bs: {role: broadcast-server}
bc: {role: broadcast-client, upstream: bs}
ps: {role: project3-server}
pc: {role: project3-client, upstream: f}
f: {role: forwarder, chain: 2, upstream: ps}
p: {role: udp-peer, upstream: ps, peer: q}
q: {role: udp-peer, upstream: ps, peer: p}
ms: {role: multicast-sender}
mr: {role: multicast-receiver}
h: {role: host}
a: {role: packet-switch, routes: {ph: ph, b: b}}
b: {role: packet-switch}
ph: {role: packet-host}
"""
LINKS = "links:\n  - {between: [ph, a], rate: 64kbit, delay: 0, queue: 4}\n  - {between: [a, b], cost: 2}\n"


def command(loads: Loads, nodes: str, name: str, **options: object) -> str:
    return " ".join(loads(nodes, **options).nodes[name].command)


def test_every_role(loads: Loads) -> None:
    nodes = loads(whole(ALL) + LINKS).nodes
    assert {node.role.name for node in nodes.values()} == {name for name, role in ROLES.items() if not role.speaks}
    assert {name: " ".join(node.command).removeprefix("python3 -m services.") for name, node in nodes.items()} == {
        "bs": "broadcast_server --port 9000",
        "bc": "broadcast_client --server bs:9000",
        "ps": "project3.tcp_server --port 10000",
        "pc": "project3.tcp_client --host f1 --port 8000",
        "f1": "forwarder --listen 8000 --upstream f2:8000",
        "f2": "forwarder --listen 8000 --upstream ps:10000",
        "p": "udp_peer --server ps:10000 --listen 12000 --peer q:12000",
        "q": "udp_peer --server ps:10000 --listen 12000 --peer p:12000",
        "ms": "multicast_sender",
        "mr": "multicast_receiver",
        "h": "sleep infinity",
        "a": "packet_switch --name a --link ph=6001:ph:6001,rate=64000,queue=4"
        " --link b=6002:b:6002,delay=0.005,cost=2 --route ph=ph --route b=b",
        "b": "packet_switch --name b --link a=6002:a:6002,delay=0.005,cost=2",
        "ph": "packet_host --name ph --link a=6001:a:6001,rate=64000,queue=4",
    }


def test_args_change_flags_and_add_some(loads: Loads) -> None:
    nodes = "s: {role: broadcast-server, args: {ttl: 3, verbose: true, quiet: false, port: 9001, rate: 0.5}}\n"
    nodes += "c: {role: broadcast-client, upstream: s}"
    assert command(loads, nodes, "s").endswith("broadcast_server --port 9001 --ttl 3 --verbose --rate 0.5")
    assert command(loads, nodes, "c").endswith("--server s:9001")


@pytest.mark.parametrize(
    ("args", "port"),
    [("[--listen, 8001]", 8001), ("[x, --listen=0.0.0.0:8002]", 8002), ("[--listen]", 8000), ("[-l, 8003]", 8000)],
)
def test_words_replace_the_roles_own(loads: Loads, args: str, port: int) -> None:
    nodes = f"s: {{role: project3-server}}\nf: {{role: forwarder, upstream: s, args: {args}}}\n"
    node = loads(nodes).nodes["f"]
    assert node.port == port
    assert node.command[:3] == ("python3", "-m", "services.forwarder")
    assert "--upstream" not in node.command


@pytest.mark.parametrize("port", ["0", "65536", "'9000x'", "abc", "-1", "99999999999", "'٣'", "true"])
def test_ports_out_of_range(refuses: Refuses, loads: Loads, port: str) -> None:
    nodes = f"s: {{role: broadcast-server, args: {{port: {port}}}}}"
    if port == "true":  # a bare flag says no port: the program itself refuses it
        assert loads(nodes).nodes["s"].port == 9000
    else:
        assert "; give a port from 1 to 65535" in refuses(nodes)


def test_a_program_of_ones_own_runs_with_the_same_arguments(loads: Loads, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "relay.py").write_text("")
    nodes = "s: {role: project3-server}\nf: {role: forwarder, upstream: s, program: mine/relay.py}\n"
    assert command(loads, nodes, "f") == "python3 /program/relay.py --listen 8000 --upstream s:10000"
    assert loads(nodes).nodes["f"].program == tmp_path / "mine" / "relay.py"
    nodes = "h: {role: host, program: mine/relay.py, args: [a, b]}"
    assert command(loads, nodes, "h") == "python3 /program/relay.py a b"


def test_a_host_without_a_program_takes_no_args(refuses: Refuses) -> None:
    assert "6: h is a host and runs no program; give it a `program`" in refuses("h: {role: host, args: [a]}")


@pytest.mark.parametrize(
    ("node", "flags"),
    [
        ("role: multicast-receiver", "--interface 10.83.2.0/24"),
        ("role: multicast-sender, args: {group: '224.2.2.2:5'}", "--interface 10.83.2.0/24 --group 224.2.2.2:5"),
        ("role: broadcast-server, args: {publish: '224.1.1.1:1'}", "--interface 10.83.2.0/24 --publish 224.1.1.1:1"),
        ("role: broadcast-server", "--port 9000"),
        ("role: multicast-receiver, args: {interface: 10.83.1.0/24}", "--interface 10.83.1.0/24"),
    ],
)
def test_the_interface_on_several_networks_is_the_first_named(loads: Loads, node: str, flags: str) -> None:
    text = f"""\
name: two
base: 10.83.0.0/16
networks:
  a: {{subnet: 10.83.1.0/24}}
  b: {{subnet: 10.83.2.0/24}}
nodes:
  x: {{{node}, networks: [b, a]}}
"""
    assert command(loads, text, "x").endswith(flags)
    assert command(loads, text, "x", base="10.9.0.0/16").endswith(
        flags if "1.0/24" in flags else flags.replace("10.83", "10.9")
    )


def test_groups(loads: Loads) -> None:
    nodes = loads(
        "s: {role: broadcast-server, args: {publish: '224.1.1.1:11000'}}\nt: {role: broadcast-server}\n"
        "m: {role: multicast-sender}\nr: {role: multicast-receiver, args: [--group, '224.5.5.5:1']}"
    ).nodes
    assert {name: (node.sends_to, node.joins) for name, node in nodes.items()} == {
        "s": ("224.1.1.1:11000", None),
        "t": (None, None),
        "m": ("224.1.1.1:11000", None),
        "r": (None, "224.5.5.5:1"),
    }


@pytest.mark.parametrize("role", ["broadcast-server", "multicast-receiver", "multicast-sender"])
def test_no_words_at_all_take_the_place_of_the_arguments_of_a_role(loads: Loads, role: str) -> None:
    node = loads(f"x: {{role: {role}, args: []}}").nodes["x"]
    assert node.command == ("python3", "-m", node.role.module)
