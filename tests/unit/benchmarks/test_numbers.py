"""Three digits that mean something."""

import pytest

from benchmarks.numbers import shown, spread


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"), (0.0000123, "0.0000123"), (0.01234, "0.0123"), (0.5, "0.500"), (1, "1.00"), (9.999, "10.0"),
        (42, "42.0"), (99.96, "100"), (123.4, "123"), (1234567, "1,230,000"), (-2.5, "-2.50"),
    ],
)  # fmt: skip
def test_three_digits_are_shown(value: float, expected: str) -> None:
    assert shown(value) == expected


def test_a_spread_has_its_bounds_and_one_value_none() -> None:
    assert spread([3.0, 1.0, 2.0]) == "2.00 (1.00 to 3.00)"
    assert spread([3.0]) == "3.00"
