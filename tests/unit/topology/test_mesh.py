from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from topology import mesh
from topology.__main__ import app
from topology.model import MOST_COST
from topology.plan import load

run = CliRunner().invoke


def neighbours(switches: int) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for link in yaml.safe_load(mesh.text(switches, "mesh"))["links"]:
        one, other = link["between"]
        assert other not in found.get(one, set())
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def distances(found: dict[str, set[str]], start: str) -> dict[str, int]:
    far, reached = {start: 0}, [start]
    for name in reached:
        for other in found[name] - far.keys():
            far[other] = far[name] + 1
            reached.append(other)
    return far


@pytest.mark.parametrize("switches", range(2, mesh.MOST + 1))
def test_everybody_is_reached_before_infinity(switches: int) -> None:
    found = neighbours(switches)
    assert len(found) == switches + 2
    assert max(max(distances(found, start).values()) for start in found) <= MOST_COST
    assert len(distances(found, "h1")) == switches + 2


@pytest.mark.parametrize("switches", range(3, mesh.MOST + 1))
def test_it_is_a_ring_with_chords(switches: int) -> None:
    found = neighbours(switches)
    assert all(f"s{number % switches + 1}" in found[f"s{number}"] for number in range(1, switches + 1))
    degrees = [len({other for other in found[f"s{number}"] if other[0] == "s"}) for number in range(1, switches + 1)]
    assert set(degrees) <= {2, 3}
    assert switches < 4 or 3 in degrees


@pytest.mark.parametrize("switches", [6, 30, 60, 100])
def test_the_hosts_are_far_apart(switches: int) -> None:
    far = distances(neighbours(switches), "h1")
    assert far["h2"] >= max(far.values()) - 2


@pytest.mark.parametrize("switches", [2, 5, 100])
def test_what_is_printed_is_a_lab(tmp_path: Path, switches: int) -> None:
    path = tmp_path / "mesh.yaml"
    path.write_text(run(app, ["mesh", str(switches)]).stdout)
    topology = load(path)
    assert topology.name == f"mesh-{switches}"
    assert len(topology.nodes) == switches + 2
    assert run(app, ["mesh", str(switches), "--name", "mine"]).stdout == mesh.text(switches, "mine")


@pytest.mark.parametrize("switches", ["1", "101", "x"])
def test_numbers_that_will_not_do(switches: str) -> None:
    result = run(app, ["mesh", switches])
    assert (result.exit_code, result.stdout) == (2, "")
