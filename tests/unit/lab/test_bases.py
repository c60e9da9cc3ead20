"""Subnets for labs that are made at the same time: each gets others, and none that the engine has given away."""

from ipaddress import IPv4Network

import pytest

from lab import bases
from lab.bases import free_base
from lab.errors import LabError

FIRST, SECOND = map(str, bases.BASES[:2])


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> list[IPv4Network]:
    """The subnets that the engine's networks have; and ports that no suite on this machine claims bases by."""
    found: list[IPv4Network] = []
    monkeypatch.setattr(bases, "subnets_in_use", lambda: found)
    monkeypatch.setattr(bases, "FIRST_PORT", bases.FIRST_PORT + 1000)
    return found


def test_no_two_get_one_base_at_the_same_time() -> None:
    with free_base() as one, free_base() as other:
        assert (one, other) == (FIRST, SECOND)
    with free_base() as later:
        assert later == FIRST


def test_what_the_engine_has_given_away_is_left_out(engine: list[IPv4Network]) -> None:
    engine.append(IPv4Network(FIRST.replace(".0.0/16", ".7.0/24")))
    with free_base() as base:
        assert base == SECOND


def test_who_had_a_base_until_now_may_have_made_networks_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([[], [IPv4Network(FIRST)], [IPv4Network(FIRST)]])
    monkeypatch.setattr(bases, "subnets_in_use", lambda: next(looks))
    with free_base() as base:
        assert base == SECOND


def test_an_error_while_the_lab_is_made_ends_the_claim() -> None:
    with pytest.raises(LabError, match="not made"), free_base():
        raise LabError("not made")
    with free_base() as base:
        assert base == FIRST


def test_where_all_are_taken_it_says_what_to_do(engine: list[IPv4Network]) -> None:
    engine += bases.BASES
    advice = r"from 10\.85\.0\.0/16 to \S+ is in use; remove labs with `make clean`"
    with pytest.raises(LabError, match=advice), free_base():
        pass
