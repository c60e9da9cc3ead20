from pathlib import Path

from topology.errors import InvalidError, Problem, TopologyError, UnreadableError, did_you_mean, short

FILE = Path("a.yaml")


def test_one_line_a_problem_in_the_order_of_the_file_each_once() -> None:
    late, early = Problem(FILE, 9, "late", "wait"), Problem(FILE, 2, "early", "go")
    error = InvalidError([late, early, late])
    assert str(error) == "a.yaml:2: early; go\na.yaml:9: late; wait"


def test_what_a_file_says_cannot_break_the_line_or_the_terminal() -> None:
    assert str(Problem(FILE, 1, "no key a\nb\x1b[2J", "é")) == "a.yaml:1: no key a\\nb\\x1b[2J; é"


def test_long_values_are_cut() -> None:
    assert short("a" * 100) == "'" + "a" * 59 + "..."


def test_the_tree() -> None:
    assert issubclass(TopologyError, ValueError)
    assert issubclass(UnreadableError, TopologyError)
    assert issubclass(InvalidError, TopologyError)


def test_did_you_mean() -> None:
    assert did_you_mean("alcie", ["bob", "alice"]) == "did you mean alice?"
    assert did_you_mean("zzz", ["bob", "alice"]) == "choose from bob, alice"
    assert did_you_mean("zzz", []) == "there is none"
