"""How a stream through forwarders is measured, with stations that only pretend."""

import json
from typing import Any, cast

import pytest

from benchmarks import forwarder
from benchmarks.errors import BenchmarkError
from benchmarks.forwarders import chain
from benchmarks.stations import Cost, Ended, Job, Station


class Pretended:
    """A station whose receiver ends at 3 s with so many bytes; each question for the CPU costs a second more."""

    def __init__(self, address: str, received: int = 2**30) -> None:
        self.address, self.received, self.cpu, self.stopped = address, received, 0.0, 0

    def port(self) -> int:
        return 10000

    def start(self, *_: str, listens: int | None = None) -> "Pretended":
        return self

    def run(self, *_: str) -> dict[str, Any]:
        return {"began": 1.0, "bytes": 2**30}

    def result(self) -> Ended:
        return Ended(0, json.dumps({"ended": 3.0, "bytes": self.received}), "", Cost(0.0, 0.0), 0, 0)

    def cost(self) -> Cost:
        self.cpu += 1.0
        return Cost(self.cpu, self.cpu / 4)

    def stop(self) -> Ended:
        self.stopped += 1
        return Ended(0, "", "", Cost(self.cpu, 0.0), 0, 1024)


def pretend(station: Station, upstream: tuple[str, int]) -> tuple[Job, tuple[str, int]]:
    return cast(Job, station), (f"{station.address}>{upstream[0]}", 1)


def places(*stations: Pretended) -> list[Station]:
    return [cast(Station, station) for station in stations]


def test_a_chain_leads_from_the_first_to_the_server_and_is_stopped() -> None:
    hops = [Pretended("a"), Pretended("b")]
    with chain(pretend, places(*hops), ("server", 1)) as made:
        assert made.entrance == ("a>b>server", 1)
        assert made.cost() == Cost(2.0, 0.5)
    assert [hop.stopped for hop in hops] == [1, 1]


def test_speed_and_cpu_are_of_the_bytes_that_came() -> None:
    measured = forwarder.run(pretend, places(Pretended("s"), Pretended("a"), Pretended("b"), Pretended("r")), 1.0)
    assert measured == {"speed": 2**30 / 2 / 1e9, "CPU": 1.0}


def test_bytes_that_are_missing_are_an_error_and_the_chain_is_stopped() -> None:
    hop = Pretended("a")
    with pytest.raises(BenchmarkError, match="1073741824 bytes were sent, and 7 came"):
        forwarder.run(pretend, places(Pretended("s"), hop, Pretended("r", received=7)), 1.0)
    assert hop.stopped == 1
