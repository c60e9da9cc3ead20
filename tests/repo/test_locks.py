"""The locked Python packages: exact versions, with hashes, and all that is asked for."""

import tomllib

import pytest

from tests.repo.documents import ROOT


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-fuzz.lock"])
def test_lock_has_exact_versions_with_hashes_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "index" not in text
    for entry in text.replace("\\\n", "").splitlines():
        if not entry.startswith("#"):
            assert "==" in entry, entry
            assert "--hash=sha256:" in entry, entry


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for lock, wanted in [
        ("requirements.lock", project["project"]["dependencies"]),
        ("requirements-dev.lock", project["dependency-groups"]["dev"]),
        ("requirements-fuzz.lock", project["dependency-groups"]["fuzz"]),
    ]:
        locked = {line.partition("==")[0] for line in (ROOT / lock).read_text().splitlines() if "==" in line}
        assert {requirement.partition(">")[0] for requirement in wanted} <= locked
