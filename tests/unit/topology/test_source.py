from pathlib import Path

import pytest
import yaml

from topology.errors import UnreadableError
from topology.source import read

from .conftest import Refuses


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "test.yaml"


def test_data_and_lines(file: Path) -> None:
    file.write_text("a:\n  b: [1, 2.5,\n    yes]\n  'c': null\nd: 2020-01-01\n")
    document = read(file)
    assert document.data == {"a": {"b": [1, 2.5, True], "c": None}, "d": "2020-01-01"}
    assert document.line(("a",)) == 1
    assert document.line(("a", "b")) == 2
    assert document.line(("a", "b", 2)) == 3
    assert document.line(("a", "b", 2, "not", "there")) == 3
    assert document.line(("nowhere",)) == 1


def test_merge_keys_as_safe_load_has_them(file: Path) -> None:
    text = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz: {b: 9, <<: [*x, *y]}\nw:\n  <<: *y\n  b: 0\n"
    file.write_text(text)
    assert read(file).data == yaml.safe_load(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "1: the file is empty; start with"),
        (b"# nothing but this\n", "1: the file is empty; "),
        (b"- a\n- b\n", "1: the file is not a mapping; "),
        (b"just words", "1: the file is not a mapping; "),
        (b"a: 1\nb: [1\nc: 2\n", "3: this is not YAML ("),
        (b"a: 1\n\tb: 2\n", "2: this is not YAML ("),
        (b"a: \x00\n", "1: this is not YAML ("),
        (b"a: *b\n", "1: this is not YAML ("),
        (b"a: \xff\n", "1: this is not UTF-8 text ("),
        (b"a: 1\n---\nb: 2\n", "2: this is not YAML ("),
        (b"a: 1\nb: 2\na: 3\n", "3: a is already on line 1; remove or rename"),
        (b"a: 1\nyes: 2\n", "2: the key yes is not text; put it in quotes"),
        (b"a: 1\n[b]: 2\n", "2: the key (a list or mapping) is not text; "),
        (b"a: 1\nb: &b {c: *b}\n", "2: an alias points at what it is part of; "),
        (b"a: &a\n  <<: *a\n", "1: an alias points at what it is part of; "),
        (b"a:\n  <<: [1]\n", "2: `<<` takes in something that is not a mapping; "),
        (b"a: !!python/object:os.system {}\n", "1: the tag !!python/object:os.system means nothing here; "),
        (b"a: !!str [b]\n", "1: the tag !!str means nothing here; "),
        (b"a: !!int x\n", "1: 'x' is no int; "),
        (b"a: !!bool x\n", "1: 'x' is no bool; "),
        (b"a: " + b"1" * 5000 + b"\n", "is no int; "),
        (b"a: " + b"[" * 600 + b"\n", "1: the file is nested too deeply; "),
    ],
)
def test_what_cannot_be_read(refuses: Refuses, text: bytes, said: str) -> None:
    assert said in refuses(text)


def test_aliases_of_aliases_are_not_written_out(refuses: Refuses) -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 12))
    assert "aliases stand for too many values" in refuses(f"l0: &l0 [x]\n{levels}".encode())


def test_a_file_that_is_missing_or_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(UnreadableError, match=r":1: the file cannot be read \(.*\); give the path"):
            read(path)


@pytest.mark.parametrize("text", ['name: "\\uD800"', '"\\uDFFF": a', 'a: ["\\uD83D"]'])
def test_half_a_character_is_refused(refuses: Refuses, text: str) -> None:
    assert "has half of a character; write the whole one" in refuses(text.encode())
