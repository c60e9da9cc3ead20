"""What README.md, CONTRIBUTING.md and docs/ show of labs is what comes, in labs of the tests' own."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from lab.bases import free_base
from lab.state import RUNS
from tests.repo.documents import Section, all_sections
from tests.repo.session import run

SESSIONS = [section for section in all_sections() if section.needs_engine]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place for the files that a document shows: in the repository, as theirs are, and open to nodes."""
    RUNS.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="documents-", dir=RUNS) as path:
        Path(path).chmod(0o755)
        yield Path(path)


@pytest.mark.parametrize("section", SESSIONS, ids=lambda section: section.title)
def test_session(section: Section, folder: Path) -> None:
    run(section, folder, free_base)
