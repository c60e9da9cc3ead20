from pathlib import Path

import pytest
from typer.testing import CliRunner

from topology import __main__ as command_line
from topology.__main__ import GENERATED, app, stale
from topology.plan import ROOT, load

FILES = sorted((ROOT / "topology").glob("*.yaml"))
run = CliRunner().invoke


@pytest.mark.parametrize("name", GENERATED)
def test_what_is_committed_is_what_would_be_generated(name: str) -> None:
    assert not stale(name), f"{name} is stale: run `python -m topology {{render,drawing,schema}} --write`"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_topology_file_is_right(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("# yaml-language-server: $schema=topology.schema.json\n")
    assert load(path).name == ("socklab" if path.stem == "lab" else path.stem)


def test_check() -> None:
    result = run(app, ["check", *map(str, FILES)])
    assert result.exit_code == 0
    assert f"{ROOT / 'topology' / 'lab.yaml'}: socklab, nodes: 17, networks: 1\n" in result.output


def test_check_says_what_is_wrong_and_goes_on(tmp_path: Path) -> None:
    result = run(app, ["check", str(tmp_path / "none.yaml"), str(FILES[0])])
    assert result.exit_code == 2
    assert "none.yaml:1: the file cannot be read" in result.stderr
    assert FILES[0].name in result.stdout


def test_print() -> None:
    assert run(app, ["render"]).stdout == (ROOT / "compose.yaml").read_text()
    assert run(app, ["drawing"]).stdout == (ROOT / "docs" / "lab.svg").read_text()
    assert run(app, ["schema"]).stdout == (ROOT / "topology" / "topology.schema.json").read_text()


@pytest.mark.parametrize("verb", ["render", "drawing"])
def test_a_bad_file_is_not_rendered(tmp_path: Path, verb: str) -> None:
    result = run(app, [verb, str(tmp_path / "none.yaml")])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "none.yaml:1: " in result.stderr


def test_generate_and_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "topology").mkdir()
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    assert run(app, ["generate", "--check"]).exit_code == 1
    assert run(app, ["generate"]).exit_code == 0
    assert run(app, ["generate", "--check"]).exit_code == 0
    for name in command_line.GENERATED:
        text = (tmp_path / name).read_text()
        (tmp_path / name).write_text("older")
        result = run(app, ["generate", "--check"])
        assert (result.exit_code, result.stderr) == (1, f"{name} is stale: run `make render`\n")
        (tmp_path / name).write_text(text)


def test_help_alone() -> None:
    assert "check" in run(app, []).output
