"""The Markdown of this repository, as its tests read it: sections, fenced blocks, links.

    ```console            commands after `$ `, each followed by what it prints: run and compared
    ```console alice      the same on a terminal named alice, which the next block of that name goes on with
    ```python mine/x.py   a file that the commands of its section use
    ```sh                 commands that are shown only; `NOT_RUN` in test_readme.py lists every one

A section, from one heading to the next, is one session: what is started in it is over at its end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]

_FENCE = "```"
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<(?:img|source)[^>]*\ssrc(?:set)?=\"([^\"]+)\"")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the word behind it (a terminal or a file), its lines, and where it begins."""

    language: str
    name: str
    lines: tuple[str, ...]
    where: str

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)

    @property
    def commands(self) -> list[str]:
        marked = [line.removeprefix("$ ") for line in self.lines if line.startswith("$ ")]
        return list(self.lines) if self.language == "sh" else marked


@dataclass
class Section:
    """What stands below one heading."""

    path: Path
    heading: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{self.path.relative_to(ROOT)}: {self.heading}"

    @property
    def commands(self) -> list[str]:
        return [command for block in self.blocks if block.language == "console" for command in block.commands]

    @property
    def needs_engine(self) -> bool:
        return any(command.startswith(("make ", "docker ")) for command in self.commands)


def sections(path: Path) -> list[Section]:
    """Return the sections of a document, each with its fenced blocks."""
    found = [Section(path, "")]
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    for number, line in lines:
        if line.startswith(_FENCE):
            language, _, name = line.removeprefix(_FENCE).partition(" ")
            block = tuple(text for _, text in _until_fence(lines))
            found[-1].blocks.append(Block(language, name, block, f"{path.relative_to(ROOT)}:{number}"))
        elif line.startswith("#"):
            found.append(Section(path, line.lstrip("# ")))
    return found


def all_sections() -> list[Section]:
    return [section for path in DOCUMENTS for section in sections(path)]


def prose(path: Path) -> str:
    """Return a document without its fenced blocks."""
    return re.sub(rf"^{_FENCE}.*?^{_FENCE}$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def links(path: Path) -> list[str]:
    """Return what a document links to or shows, `#parts` of pages left out."""
    targets = (first or second for first, second in _LINK.findall(prose(path)))
    return [target for target in targets if not target.startswith("#")]


def _until_fence(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for number, line in lines:
        if line == _FENCE:
            return
        yield number, line
    raise ValueError("a fenced block has no end")
