"""Directed broadcasts: who is told, and when nobody is. That the kernel obeys is seen on the wire, in a scenario."""

from pathlib import Path

import pytest

from services.shared import directed_broadcasts


@pytest.mark.parametrize(("default", "told"), [("1\n", [1, 2]), ("0\n", []), (None, [])], ids=["on", "off", "unknown"])
def test_interfaces_follow_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, default: str | None, told: list[int]
) -> None:
    file, asked = tmp_path / "bc_forwarding", list[int]()
    if default is not None:
        file.write_text(default)
    monkeypatch.setattr(directed_broadcasts, "_DEFAULT", file)
    monkeypatch.setattr("socket.if_nameindex", lambda: [(1, "lo"), (2, "eth0")])
    monkeypatch.setattr(directed_broadcasts, "_let_in", asked.append)
    directed_broadcasts.let_in_if_told()
    assert asked == told


def test_what_the_kernel_refuses_is_told() -> None:
    with pytest.raises(OSError, match="interface 2147483647"):  # no machine has so many
        directed_broadcasts._let_in(2**31 - 1)
