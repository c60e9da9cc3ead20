"""Tables of sockets are read where there are any."""

import socket
from pathlib import Path

import pytest

from lab.docker import tables
from lab.sockets import TABLES, parse

NET = Path("/proc/self/net")
NONE = "sockets: used 28\nTCP: inuse 0 orphan 0 tw 3 alloc 1 mem 171\nUDP: inuse 2 mem 198\n"
NONE6 = "TCP6: inuse 0\nUDP6: inuse 0\n"


def written(folder: Path, counted: str, counted6: str = NONE6) -> Path:
    for name, text in {"sockstat": counted, "sockstat6": counted6, "tcp": "four", "tcp6": "six", "udp": "u"}.items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("counted", "counted6", "found"),
    [
        (NONE, NONE6, {"tcp": "", "tcp6": "", "udp": "u"}),
        (NONE.replace("TCP: inuse 0", "TCP: inuse 10"), NONE6, {"tcp": "four", "tcp6": "", "udp": "u"}),
        (NONE, "TCP6: inuse 1\n", {"tcp": "", "tcp6": "six", "udp": "u"}),
        ("", "", {"tcp": "four", "tcp6": "six", "udp": "u"}),
    ],
)
def test_a_table_with_nothing_in_it_is_not_read(
    counted: str, counted6: str, found: dict[str, str], tmp_path: Path
) -> None:
    assert tables.read(written(tmp_path, counted, counted6), found) == found


def test_a_node_that_is_gone_has_none(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="sockstat"):
        tables.read(tmp_path, ["tcp"])


@pytest.mark.parametrize(("family", "anywhere"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_socket_is_seen(family: int, anywhere: str) -> None:
    with socket.socket(family) as server:
        server.bind((anywhere, 0))
        server.listen()
        port = server.getsockname()[1]
        assert port in parse(tables.read(NET, TABLES)).listening
        with socket.create_connection((anywhere, port)) as client:
            assert (client.getsockname()[:2], client.getpeername()[:2]) in parse(tables.read(NET, TABLES)).established
    assert port not in parse(tables.read(NET, TABLES)).listening
