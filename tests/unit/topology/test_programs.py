from pathlib import Path

import pytest

from .conftest import Refuses


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with what can be wrong in it."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "out.py").symlink_to("/etc/hostname")
    (tmp_path / "round.py").symlink_to("round.py")
    (tmp_path / "secret.py").write_text("")
    (tmp_path / "secret.py").chmod(0o600)
    return tmp_path


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("none.py", "the program of x, none.py, does not exist; put it below"),
        ("round.py", "the program of x, round.py, does not exist; put it below"),
        ("secret.py/a", "the program of x, secret.py/a, does not exist; "),
        ("out.py", "the program of x, out.py, links out of the repository; copy it in"),
        ("folder", "the program of x, folder, is not a file; name a Python file"),
        ("secret.py", "the program of x, secret.py, cannot be read in a node; chmod a+r secret.py"),
        ("/etc/hostname", "nodes.x.program: '/etc/hostname' is not inside this repository; give a path"),
        ("../a.py", "nodes.x.program: '../a.py' is not inside this repository; give a path"),
        ("a/../../b.py", "nodes.x.program: 'a/../../b.py' is not inside this repository; "),
        ("''", "nodes.x.program: '' is not inside this repository; "),
        ("'a:b.py'", "nodes.x.program: 'a:b.py' cannot be mounted; rename it"),
        ("3", "nodes.x.program: 3 is not text; "),
    ],
)
def test_refused(refuses: Refuses, folder: Path, program: str, said: str) -> None:
    assert folder.exists()
    assert f"6: {said}" in refuses(f"x: {{role: host, program: {program}}}")
