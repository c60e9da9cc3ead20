from rich.console import Console

from topology.plan import ROOT, load
from topology.table import map_text

from .conftest import Loads

LAB = load(ROOT / "topology" / "lab.yaml")


def shown(states: dict[str, str], **options: int) -> str:
    console = Console(width=120, color_system=None)
    with console.capture() as capture:
        console.print(map_text(load(LAB.source, **options) if options else LAB, states))  # type: ignore[arg-type]
    return capture.get()


def test_names_roles_addresses_states_and_arrows() -> None:
    text = shown({"alice": "running", "server": "exited (1)"})
    assert text.split("\n")[0].strip() == "socklab: lab 10.83.0.0/24"
    rows = {cells[1]: cells[3:] for line in text.split("\n") if len(cells := line.replace("│", " │ ").split()) > 4}
    assert rows["alice"][0] == "broadcast-client"
    assert "10.83.0.3" in rows["alice"]
    assert "running" in rows["alice"]
    assert "server:9000" in rows["alice"]
    assert {"exited", "(1)", "⇒", "224.1.1.1:11000"} <= set(rows["server"])
    assert {"-", "⇐"} <= set(rows["receiver3"])
    assert "⇄ peer2:12000" in text


def test_ways_through_the_forwarders() -> None:
    assert "\np3client → forwarder1 → forwarder2 → forwarder3 → p3server\n" in shown({})
    assert "\np3client → forwarder1 → forwarder2 → (13 more) → forwarder16 → p3server\n" in shown({}, forwarders=16)


def casts(**options: str) -> list[str]:
    topology = load(ROOT / "topology" / "casts.yaml", **options)  # type: ignore[arg-type]
    console = Console(width=200, color_system=None)
    with console.capture() as capture:
        console.print(map_text(topology, dict.fromkeys(topology.nodes, "running")))
    return capture.get().split("\n")


def cells(name: str) -> list[list[str]]:
    return [row for row in rows() if row and row[0] == name]


def rows() -> list[list[str]]:
    """Return the cells of every line of the map of casts."""
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in casts()]


def test_routed_networks_say_their_subnets_and_who_is_the_gateway() -> None:
    titles = [line.strip() for line in casts() if "casts:" in line]
    assert titles == [
        "casts: west 10.84.1.0/24, fd00:a54:100::/64, gateway 10.84.1.1 (r1)",
        "casts: backbone 10.84.2.0/24, fd00:a54:200::/64",
        "casts: east 10.84.3.0/24, fd00:a54:300::/64, gateway 10.84.3.1 (r2)",
    ]


def test_a_router_is_in_the_table_of_each_of_its_networks() -> None:
    assert cells("r1") == [
        ["r1", "router", "10.84.1.2", "running", ""],
        ["r1", "router", "10.84.2.2", "running", ""],
    ]
    assert cells("w1") == [["w1", "host", "10.84.1.3", "running", ""]]
    assert ["", "", "::42:aff:fe54:103", "", ""] in rows()


def test_who_shares_an_address() -> None:
    (row,) = cells("anycast1")
    assert row[-1] == "answers at 10.84.255.1"
    assert any("as anycast2 does" in line for line in casts())


def test_the_map_of_routed_networks_fits_a_terminal() -> None:
    assert max(map(len, casts())) < 110


def test_ipv6_has_a_column_only_where_there_is_some(loads: Loads) -> None:
    topology = loads("""\
name: half
base: 10.84.0.0/16
networks:
  west: {subnet: 10.84.1.0/24, ipv6: true}
  east: {subnet: 10.84.2.0/24}
nodes:
  r: {role: router, networks: [west, east]}
  many: {role: anycast-server, anycast: 10.84.255.1, count: 4, networks: [east]}
  lone: {role: anycast-server, anycast: 10.84.255.2, networks: [east]}
""")
    console = Console(width=200, color_system=None)
    with console.capture() as capture:
        console.print(map_text(topology, {}))
    text = capture.get()
    west, east = text.split("half: east")
    assert "::2" in west
    assert "::" not in east
    assert "as many2 and 2 more do" in east
    assert east.count("as many") == 4
    assert "::" not in shown({})


def test_a_packet_switch_reaches_its_neighbours() -> None:
    console = Console(width=120, color_system=None)
    with console.capture() as capture:
        console.print(map_text(load(ROOT / "topology" / "datagram.yaml"), {}))
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in capture.get().split("\n")]
    assert ["h1", "packet-host", "10.86.0.2", "-", "↔ a:6001"] in rows
    assert ["d", "packet-switch", "10.86.0.9", "-", "↔ b:6005, e:6007, f:6008"] in rows
