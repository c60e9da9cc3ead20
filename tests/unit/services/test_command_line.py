from argparse import ArgumentTypeError
from collections.abc import Callable

import pytest

from services.shared import endpoint
from services.shared.addresses import subnet
from services.shared.command_line import seconds, whole_number
from services.shared.endpoint import Endpoint
from services.shared.multicast import group


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (endpoint.port, "0", 0),
        (endpoint.port, "65535", 65535),
        (endpoint.remote, "server:9000", Endpoint("server", 9000)),
        (endpoint.local, "8000", Endpoint("", 8000)),
        (endpoint.local, "127.0.0.1:0", Endpoint("127.0.0.1", 0)),
        (group, "239.255.255.255:1", Endpoint("239.255.255.255", 1)),
        (seconds, "0.5", 0.5),
    ],
)
def test_good_values_are_read(read: Callable[[str], object], text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        *((endpoint.port, text) for text in ("", "-1", "65536", "1.5", "http", "\u0661", " 1")),
        *((endpoint.remote, text) for text in ("", "9000", ":9000", "server", "server:", "server:0", "a:b:1")),
        *((endpoint.local, text) for text in ("", "here", "here:", "a:b:1")),
        *((group, text) for text in ("10.0.0.1:11000", "223.255.255.255:1", "240.0.0.1:1", "name:1", "224.1.1.1")),
        *((seconds, text) for text in ("", "0", "-1", "nan", "inf", "3601", "soon")),
        *((subnet, text) for text in ("", "eth0", "10.0.0.0/33", "10.0.0", "::1")),
    ],
)
def test_bad_values_say_what_to_give(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="give "):
        read(text)


def test_whole_numbers_have_bounds() -> None:
    assert [whole_number(str(n), 0, 255) for n in (0, 255)] == [0, 255]
    for text in ("-1", "256", "", "1e2"):
        with pytest.raises(ArgumentTypeError, match="from 0 to 255"):
            whole_number(text, 0, 255)


def test_an_endpoint_prints_as_it_is_given() -> None:
    assert str(Endpoint("server", 9000)) == "server:9000"
    assert str(Endpoint("", 8000)) == "0.0.0.0:8000"
