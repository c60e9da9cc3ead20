"""What a reader is told of the machine."""

import pytest

from benchmarks.machine import memory, processor, short


def test_a_processor_has_its_name() -> None:
    assert processor("processor\t: 0\nmodel name\t: A Fast One @ 3 GHz\nflags\t\t: fpu\n") == "A Fast One @ 3 GHz"


def test_a_processor_without_a_name_has_its_architecture() -> None:
    assert processor("processor\t: 0\nBogoMIPS\t: 50.00\n")


def test_memory_is_in_gibibytes() -> None:
    assert memory("MemTotal:        8388608 kB\nMemFree: 1 kB\n") == 8.0


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ("haproxy 3.0.11-1+deb13u1", "haproxy 3.0.11"),
        ("socat 1.8.0.3-1", "socat 1.8.0.3"),
        ("x 2:9.2~rc1-1", "x 9.2"),
    ],
)
def test_a_version_is_short(package: str, expected: str) -> None:
    assert short(package) == expected
