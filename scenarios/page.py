"""What the documents show of a run: rows between two comments, and drawings.

They are made of a history, so that nobody types what was not seen. `python -m scenarios page` plays and writes them;
the tests that play the same scenarios compare them.

    <!-- played: reach -->          where the rows go, in the page's file
    <!-- end -->
    docs/casts/multicast.svg        a drawing of a scenario whose page is docs/casts.md
"""

import re
from collections.abc import Sequence
from pathlib import Path

from lab.history import History
from scenarios.scenario import Scenario

ROOT = Path(__file__).resolve().parents[1]
MEASURED = re.compile(r"(?<=≈ )\d+(?:\.\d+)?")
"""A number in a page that differs a little from run to run."""
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
NEAR = 0.25
"""How far a measured number may be from the one in the page, as a part of the greater of the two."""


def files(scenario: Scenario, history: History) -> dict[str, str]:
    """Return the files that a history makes: path from the top of the repository, and text. None without a page."""
    page = scenario.page
    if page is None:
        return {}
    text = with_rows(page.file, scenario.name, page.rows(history))
    folder = page.file.removesuffix(".md")
    return {page.file: text} | {f"{folder}/{name}.svg": svg for name, svg in scenario.drawings(history).items()}


def with_rows(file: str, name: str, rows: Sequence[str]) -> str:
    """Return the text of a document with these rows between the comments of that name."""
    part = re.compile(rf"(<!-- played: {re.escape(name)} -->\n).*?(?=<!-- end -->)", re.DOTALL)
    table = "\n".join(rows)
    return part.sub(lambda found: f"{found[1]}\n{table}\n\n", (ROOT / file).read_text(encoding="utf-8"))


def stale(scenario: Scenario, history: History) -> list[str]:
    """Return the files that do not show what this history shows; measured numbers (`≈ 5.1`) only nearly so."""
    made = files(scenario, history)
    return [name for name, text in made.items() if not (ROOT / name).exists() or not _alike(ROOT / name, text)]


def _alike(shown: Path, made: str) -> bool:
    text = shown.read_text(encoding="utf-8")
    if shown.suffix == ".svg":  # where a line is drawn may be measured; which there are, and their words, may not
        return NUMBER.sub("0", text) == NUMBER.sub("0", made)
    if MEASURED.sub("0", text) != MEASURED.sub("0", made):
        return False
    pairs = zip(map(float, MEASURED.findall(text)), map(float, MEASURED.findall(made)), strict=True)
    return all(abs(old - new) <= NEAR * max(old, new) for old, new in pairs)
