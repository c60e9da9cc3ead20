from argparse import ArgumentTypeError
from collections.abc import Callable

import pytest

from services.shared import datagrams, endpoint
from services.shared.command_line import whole_number
from services.shared.endpoint import Endpoint

LONG = "1" * 5000


@pytest.mark.parametrize("text", ["server:9000", "10.83.0.2:1", "b\u00fccher.example:65535"])
def test_an_endpoint_printed_is_read_as_the_same(text: str) -> None:
    assert str(endpoint.remote(text)) == text
    assert endpoint.local(text) == endpoint.remote(text) == datagrams.remote(text)


def test_without_a_host_it_is_every_address_of_this_machine() -> None:
    assert endpoint.local("9000") == endpoint.local(":9000") == Endpoint("", 9000)
    assert str(Endpoint("", 9000)) == "0.0.0.0:9000"


@pytest.mark.parametrize("host", ["a..b", "x" * 64, "\udcff", "caf\u00e9\udcff"])
@pytest.mark.parametrize("read", [endpoint.remote, endpoint.local, datagrams.remote, datagrams.local])
def test_a_host_that_no_look_up_takes_is_refused(read: Callable[[str], Endpoint], host: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is no name of a host: give one as in server, or an address"):
        read(f"{host}:9000")


def test_an_address_whose_zone_no_look_up_takes_is_refused() -> None:
    with pytest.raises(ArgumentTypeError, match="is no name of a host"):
        datagrams.remote("[fe80::1%\udcff]:7000")


@pytest.mark.parametrize("read", [endpoint.port, lambda text: whole_number(text, 1, 65535)])
def test_a_number_of_thousands_of_digits_is_refused_like_any_other(read: Callable[[str], int]) -> None:
    with pytest.raises(ArgumentTypeError, match="give a"):
        read(LONG)
    assert read("0" * 10 + "9000") == 9000
