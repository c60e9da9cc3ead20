"""Where a document's commands are run, so that what a person has running stays untouched.

Ports, labs, subnets and files are others than the document says; what comes back is read as if they were the same.
"""

import os
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import yaml

from lab.passing import passing
from tests.repo.documents import ROOT, Block, Section
from tests.unit.services.programs import free_port

Base = Callable[[], AbstractContextManager[str]]
"""Names a subnet base that is free, for as long as the block lasts."""

VERBS_OF_LABS = (
    "up", "down", "status", "map", "attach", "shell", "logs", "threads", "tables", "capture", "fault", "heal",
)  # fmt: skip
_ALSO_REMOVED = re.compile(r"^also removed: .*\n", re.MULTILINE)
_PORT = re.compile(r"(?<=[: ])[12]?\d{4}\b")


class Elsewhere:
    """Exchanges what a section names for what is used in its place, and back."""

    def __init__(self, section: Section, folder: Path, base: Base | None) -> None:
        """Keep files in `folder`, which is in the repository, and labs below `base`."""
        self._folder = folder
        self._base = base
        self._unique = f"socklab-doc-{os.getpid()}"
        self._there: dict[str, str] = {}  # what the document says -> what is used
        self._back: dict[str, str] = {}  # what is used -> what the document says
        self.labs: set[str] = set()
        self.passing = ExitStack()  # to be closed when they are gone
        if not section.needs_engine:
            for port in {port for command in section.commands for port in _PORT.findall(command)}:
                self._exchange(port, str(free_port()))

    def _exchange(self, said: str, used: str) -> None:
        self._there[said], self._back[used] = used, said

    def file(self, block: Block) -> None:
        """Write a file that a document shows. Commands name it by its path, or by its module (`-m`)."""
        path = self._folder / block.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_replaced(block.text, self._there))
        used = str(path.relative_to(ROOT))
        self._there["-m " + block.name.removesuffix(".py").replace("/", ".")] = used
        self._exchange(block.name, used)

    @contextmanager
    def command(self, command: str) -> Iterator[str]:
        """Yield the command to run in place of one that a document shows."""
        command = self.there(command)
        words = shlex.split(command)
        if words[0] == "make" and words[1:] and words[1] in VERBS_OF_LABS:
            with ExitStack() as stack:
                yield shlex.join([*words[:2], *self._values(words, stack)])
        else:
            yield command

    def _values(self, words: list[str], stack: ExitStack) -> list[str]:
        given = dict(word.split("=", 1) for word in words[2:])
        named = given.get("TOPOLOGY", "lab")
        topology = yaml.safe_load((ROOT / (named if "/" in named else f"topology/{named}.yaml")).read_text())
        words_given = set(given)
        lab = given.get("NAME") or str(topology["name"])
        given["NAME"] = self._unique if lab == "socklab" else f"{self._unique}-{lab}"
        if given["NAME"] not in self.labs:
            self.labs.add(given["NAME"])
            self.passing.enter_context(passing(given["NAME"]))  # their files go, and that of this with them
        self._back[given["NAME"]] = lab
        if "NAME" not in words_given:
            self._back[f" NAME={given['NAME']}"] = ""  # in the advice of `up`, since the lab was not given a name
        if words[1] == "up" and self._base:
            given["SUBNET_BASE"] = stack.enter_context(self._base())
            self._exchange(str(topology["base"]).removesuffix("0.0/16"), given["SUBNET_BASE"].removesuffix("0.0/16"))
        return [f"{key}={value}" for key, value in given.items()]

    def there(self, text: str) -> str:
        """Return what the document shows as it is to be typed."""
        return _replaced(text, self._there)

    def back(self, text: str) -> str:
        """Return what came as the document would show it: without what tests that run beside this one have left."""
        return _replaced(_ALSO_REMOVED.sub("", text), self._back)


def _replaced(text: str, words: dict[str, str]) -> str:
    """Replace all words at once, the longest first; a number only where it is a whole one."""
    if not words:
        return text
    longest_first = sorted(words, key=len, reverse=True)
    pattern = "|".join(rf"(?<!\d){word}(?!\d)" if word.isdigit() else re.escape(word) for word in longest_first)
    return re.sub(pattern, lambda match: words[match[0]], text)
