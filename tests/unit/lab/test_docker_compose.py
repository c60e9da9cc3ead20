"""Compose is asked for its hashes once for a file, and again when the file or the project is another."""

from pathlib import Path

import pytest

from lab.docker import compose

HASHES = {"alice": "91ab", "bob": "02cd"}


class Asked:
    """Stands in for the command, and counts."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, file: Path, project: str) -> dict[str, str]:
        self.times += 1
        return HASHES


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked()
    monkeypatch.setattr(compose, "_ask", asked)
    return asked


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "compose.yaml"
    file.write_text("services: {}\n")
    return file


def test_what_compose_said_of_a_file_is_kept(file: Path, asked: Asked) -> None:
    assert [compose.hashes(file, "lab"), compose.hashes(file, "lab")] == [HASHES, HASHES]
    assert asked.times == 1


def test_it_is_asked_again_when_the_file_is_another(file: Path, asked: Asked) -> None:
    compose.hashes(file, "lab")
    file.write_text("services: {alice: {}}\n")
    compose.hashes(file, "lab")
    assert asked.times == 2


def test_it_is_asked_again_for_another_project(file: Path, asked: Asked) -> None:
    compose.hashes(file, "lab")
    compose.hashes(file, "other")
    assert asked.times == 2


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"asked": 1}', '{"asked": null, "hashes": 7}'])
def test_it_is_asked_again_where_what_is_kept_is_broken(file: Path, asked: Asked, broken: str) -> None:
    compose.hashes(file, "lab")
    (file.parent / "hashes.json").write_text(broken)
    assert compose.hashes(file, "lab") == HASHES
    assert asked.times == 2
