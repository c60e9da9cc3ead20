"""The benchmarks work: each contender is run for a tenth of a second. No test goes by how fast anything was."""

import pytest

from benchmarks.catalogue import BENCHMARKS
from benchmarks.contest import Contest
from benchmarks.effort import SMOKE
from benchmarks.errors import BenchmarkError
from benchmarks.stations import PREFIX, Where, docker, stations


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_works(name: str) -> None:
    found = list(BENCHMARKS[name].measure(SMOKE))
    assert found
    for one in found:
        if isinstance(one, Contest):
            assert len(one.rounds) == SMOKE.rounds, one.title
            measured = {name for round_ in one.rounds for values in round_.values() for name in values}
            assert measured == {measure.name for measure in one.measures}, one.title
            assert all(ratio > 0 for goal in one.goals for ratio in one.ratios(goal)), one.title
        else:
            assert all(values for points in one.series.values() for values in points.values()), one.title


@pytest.mark.parametrize("where", Where)
def test_stations_reach_each_other_and_leave_nothing(where: Where) -> None:
    with stations(2, where) as (one, two):
        port = one.port()
        server = one.start("socat", "-u", f"TCP-LISTEN:{port}", "-", listens=port)
        two.start("sh", "-c", f"echo hello | socat - TCP:{one.address}:{port}").result()
        assert server.result().output == "hello\n"
        with pytest.raises(BenchmarkError, match="false ended with 1: it said nothing"):
            two.start("false").result()
        with pytest.raises(BenchmarkError, match=r"nowhere ended with 127: .*No such file"):
            two.start("nowhere", listens=port)
        with pytest.raises(BenchmarkError, match=r"sleep 60 does not end within 0\.05 s"):
            two.start("sleep", "60").result(within=0.05)
    for list_all in (("ps", "--all"), ("network", "ls")):
        assert not docker(*list_all, "--quiet", "--filter", f"name={PREFIX}-")
