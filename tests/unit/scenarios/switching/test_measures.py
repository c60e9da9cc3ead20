"""What is measured of many switches: on histories by hand, and on meshes that run on simulated time."""

from pathlib import Path

import pytest

from lab.history import History
from lab.mesh import write_mesh
from lab.state import Wish
from scenarios.switching.checks.vectors import vectors
from scenarios.switching.measures import healing, measure, news, settling
from scenarios.verdict import FailedError
from services.switching.header import Kind, Packet
from tests.unit.scenarios.histories import BEGINNING
from tests.unit.scenarios.switching.wires import Links
from tests.unit.services.switching.nodes import Town

HEADER, ENTRY = 24, 9
"""Bytes of a vector's header, and of each destination that it tells of."""
CUT = 3.2
"""Seconds from the start: by then nothing has been new for two seconds."""


def test_settling_is_from_the_last_node_heard_to_the_last_news() -> None:
    wire = Links()
    wire.vector("a", "c", a=0)
    wire.later(5)
    wire.vector("c", "a", c=0)  # the last one that is heard for the first time
    wire.later(0.2)
    wire.vector("a", "c", a=0, c=16)
    wire.later(0.5)
    wire.vector("a", "c", a=0, c=16)
    assert settling(vectors(wire.history())) == pytest.approx(0.2, abs=0.01)


def test_each_line_has_news_of_its_own() -> None:
    wire = Links()
    wire.vector("a", "c", a=0)
    wire.vector("a", "b", a=0)
    wire.vector("a", "c", a=0)
    wire.vector("a", "b", a=0, c=1)
    assert [(each.sender, each.receiver) for each in news(vectors(wire.history()))] == [
        ("a", "c"),
        ("a", "b"),
        ("a", "b"),
    ]


def test_healing_is_the_longest_time_in_which_nothing_came() -> None:
    wire = Links()
    for number, way in enumerate(["h1 a c e f h2", "h1 a c e f h2", "h1 a c", "h1 a b d f h2"]):
        wire.datagram(way, number, to="h2")
        wire.later(0.75)
    assert healing(wire.history()) == pytest.approx(1.5, abs=0.02)


def test_healing_needs_two_that_come() -> None:
    wire = Links()
    wire.datagram("h1 a c e f h2")
    with pytest.raises(FailedError, match="1 datagrams came"):
        healing(wire.history())


def test_a_run_without_a_cut_or_without_vectors_is_not_measured() -> None:
    wire = Links()
    with pytest.raises(FailedError, match="no link was cut"):
        measure(wire.history())
    with pytest.raises(FailedError, match="nobody told anybody"):
        settling([])


@pytest.mark.parametrize("switches", [4, 9])
def test_a_mesh(switches: int, tmp_path: Path) -> None:
    measured = measure(mesh_that_is_cut(switches, write_mesh(switches, tmp_path)))
    assert (measured.switches, measured.routes) == (switches, switches + 1)
    assert measured.links >= switches + 2
    assert 0 < measured.settling < 1
    assert 1 < measured.healing < 2.5
    vector = HEADER + ENTRY * (switches + 2)  # itself, the other switches, both hosts
    assert measured.told == pytest.approx(2 * 2 * measured.links * vector, rel=0.2)  # twice a second, both ways


def mesh_that_is_cut(switches: int, file: Path) -> History:
    """Run a mesh on simulated time, cut a link on the way from h1 to h2 under a flow, and put it all on a wire."""
    wire = Links(str(file))
    links = [link.ends for link in Wish(str(file)).load().links]
    at_switches = {host: next(iter({*ends} - {host})) for ends in links for host in ends if host.startswith("h")}
    town = Town([ends for ends in links if not {*ends} & {*at_switches}], at_switches)
    network = town.network
    network.run(CUT - 0.2)
    first = at_switches["h1"]
    cut = first, str(town.switches[first].routes.next_hop("h2"))
    for number in range(150):
        if network.now > CUT:
            network.cut(*cut)
        town.stations["h1"].send(network.now, Packet(Kind.DATAGRAM, "h1", "h2", sequence=number))
        network.run(0.02)
    for arrival in network.arrivals:
        if arrival.time > CUT > wire.time - BEGINNING:
            wire.time = BEGINNING + CUT
            wire.link_fault(cut[0], f"no longer hears {cut[1]}", *cut)
        wire.time = BEGINNING + arrival.time
        wire.cross(arrival.sender, arrival.receiver, arrival.data)
    return wire.history()
