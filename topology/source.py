"""Reading a topology file: plain YAML data, and the line that each value stands on.

    text --yaml.compose--> nodes with marks --_Builder--> data + {("nodes", "alice", "role"): 12}

Pydantic sees data only and names a wrong value by its path; the lines turn that path into FILE:LINE. The data
is what `yaml.safe_load` gives for texts, numbers, booleans, lists and mappings (merge keys included), but a
key given twice is an error instead of a silent loss, and dates stay text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from topology.errors import InvalidError, Problem, UnreadableError

Where = tuple[str | int, ...]  # the path of a value: keys and list positions from the top

_TAG = "tag:yaml.org,2002:"
_TEXT = {_TAG + "str", _TAG + "timestamp"}
_SCALARS = {_TAG + kind for kind in ("int", "float", "bool", "null")}
_MOST_VALUES = 20_000  # a few aliases of aliases can stand for billions of values


@dataclass
class Document:
    """A file's data, and where in the file it was said."""

    path: Path
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Where, int] = field(default_factory=dict)

    def line(self, where: Where) -> int:
        """Return the line (from 1) of a value, or of the nearest value around it that is in the file."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)


def read(path: Path) -> Document:
    """Read a topology file; raises UnreadableError."""
    document = Document(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _unreadable(path, 1, f"this is not UTF-8 text ({error.reason})", "save it as UTF-8") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _unreadable(path, 1, f"the file cannot be read ({reason})", "give the path of a topology file") from None
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        if root is None:
            raise _unreadable(path, 1, "the file is empty", "start with name, base, networks and nodes")
        if not isinstance(root, yaml.MappingNode):
            raise _unreadable(path, 1, "the file is not a mapping", "write `key: value`, as in `name: socklab`")
        document.data = _Builder(document, loader).build(root, ())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
        line = mark.line + 1 if mark else 1
        raise _unreadable(path, line, f"this is not YAML ({what})", "mend it here or just before") from None
    except RecursionError:
        raise _unreadable(path, 1, "the file is nested too deeply", "keep to networks and nodes") from None
    return document


class Report:
    """Collects what is wrong with a document, so that one run names all of it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._problems: list[Problem] = []

    def add(self, where: Where, wrong: str, remedy: str) -> None:
        """Note a problem with the value at `where`."""
        self._problems.append(Problem(self.document.path, self.document.line(where), wrong, remedy))

    def settle(self) -> None:
        """Raise InvalidError if anything was noted."""
        if self._problems:
            raise InvalidError(self._problems)


class _Builder:
    """Turns composed YAML nodes into data, filling the document's lines on the way."""

    def __init__(self, document: Document, loader: yaml.SafeLoader) -> None:
        self._document = document
        self._loader = loader
        self._open: list[yaml.Node] = []  # the nodes around the one being built: an alias to one is a loop
        self._built = 0

    def build(self, node: yaml.Node, where: Where) -> Any:
        line = node.start_mark.line + 1
        self._document.lines.setdefault(where, line)
        self._built += 1
        if self._built > _MOST_VALUES:
            raise self._error(line, "aliases stand for too many values", "write out what you mean")
        if any(node is around for around in self._open):
            raise self._error(line, "an alias points at what it is part of", "remove it")
        self._open.append(node)
        try:
            return self._value(node, where, line)
        finally:
            self._open.pop()

    def _value(self, node: yaml.Node, where: Where, line: int) -> Any:
        if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
            return dict(self._pairs(node, where))
        if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
            return [self.build(item, (*where, i)) for i, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.tag in _TEXT:
            return self._text(node)
        if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
            try:
                return self._loader.construct_object(node)
            except (ValueError, LookupError):  # an explicit tag on a text that is none: `!!int x`
                raise self._error(line, f"{node.value!r} is no {node.tag.removeprefix(_TAG)}", "quote it") from None
        raise self._error(line, f"the tag {node.tag.replace(_TAG, '!!')} means nothing here", "remove it")

    def _pairs(self, node: yaml.MappingNode, where: Where) -> Iterator[tuple[str, Any]]:
        said: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.tag == _TAG + "merge":
                yield from self._merged(value, where)
                continue
            if not isinstance(key, yaml.ScalarNode) or key.tag not in _TEXT:
                raise self._error(line, f"the key {_shown(key)} is not text", "put it in quotes")
            if key.value in said:
                raise self._error(
                    line,
                    f"{key.value} is already on line {said[key.value]}",
                    "remove or rename one of the two",
                )
            said[self._text(key)] = line
        # What is said here wins over what is merged in, wherever the merge key stands: so it comes last.
        for key, value in node.value:
            if key.tag != _TAG + "merge":
                self._document.lines[(*where, key.value)] = key.start_mark.line + 1
                yield key.value, self.build(value, (*where, key.value))

    def _text(self, node: yaml.ScalarNode) -> str:
        r"""Return a text, which is one of whole characters: YAML's `\uD800` is half of one, and is written nowhere."""
        text: str = node.value
        try:
            text.encode()
        except UnicodeEncodeError:
            line = node.start_mark.line + 1
            raise self._error(line, f"{text!r} has half of a character", "write the whole one") from None
        return text

    def _merged(self, value: yaml.Node, where: Where) -> Iterator[tuple[str, Any]]:
        sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
        for source in reversed(sources):  # the first of several wins
            merged = self.build(source, where)
            if not isinstance(merged, dict):
                line = value.start_mark.line + 1
                raise self._error(line, "`<<` takes in something that is not a mapping", "name a mapping")
            yield from merged.items()

    def _error(self, line: int, wrong: str, remedy: str) -> UnreadableError:
        return _unreadable(self._document.path, line, wrong, remedy)


def _shown(key: yaml.Node) -> str:
    return str(key.value) if isinstance(key, yaml.ScalarNode) else "(a list or mapping)"


def _unreadable(path: Path, line: int, wrong: str, remedy: str) -> UnreadableError:
    return UnreadableError([Problem(path, line, wrong, remedy)])
