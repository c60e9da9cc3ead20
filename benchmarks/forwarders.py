"""The programs that forward: ours, and those that people would use instead, each set up as it does best here.

    load ----> hop ----> hop ----> hop ----> receiver          with chain(ours, stations[1:4], receiver) as hops:
               entrance                                            connect to hops.entrance

The first forwards to the second, and the last to the receiver: no more is known of where a stream ends.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from benchmarks.contest import OURS, Run
from benchmarks.stations import Cost, Ended, Job, Station

Address = tuple[str, int]
Forwarder = Callable[[Station, Address], tuple[Job, Address]]
"""Starts one that forwards to an address; returns it, and where it listens."""

_NGINX_BUFFER = "64k"
_PIPE = 1024 * 1024
_CONNECTIONS = 2048


def ours(station: Station, upstream: Address) -> tuple[Job, Address]:
    """Start our forwarder."""
    port = station.port()
    command = ("python3", "-m", "services.forwarder", "--listen", str(port), "--upstream", _text(upstream))
    return station.start(*command, listens=port), (station.address, port)


def socat(station: Station, upstream: Address) -> tuple[Job, Address]:
    """Start socat, with its best buffer. It serves one connection and ends, so that its CPU is counted."""
    port = station.port()
    listen, dial = f"TCP-LISTEN:{port},reuseaddr,nodelay", f"TCP:{_text(upstream)},nodelay"
    return station.start("socat", "-b", "262144", listen, dial, listens=port), (station.address, port)


def haproxy_splice(station: Station, upstream: Address) -> tuple[Job, Address]:
    """Start haproxy, which passes on inside the kernel through pipes of the size that they come with, 64 KiB."""
    return _haproxy(station, upstream, "", "option splice-auto")


def haproxy_wide(station: Station, upstream: Address) -> tuple[Job, Address]:
    """Start the same with pipes as wide as ours, which nothing in its manual asks for."""
    return _haproxy(station, upstream, f"tune.pipesize {_PIPE}", "option splice-auto")


def haproxy(station: Station, upstream: Address) -> tuple[Job, Address]:
    """Start haproxy as it comes: it passes on through buffers."""
    return _haproxy(station, upstream, "", "")


def nginx(station: Station, upstream: Address) -> tuple[Job, Address]:
    """Start nginx with its stream module."""
    port = station.port()
    path = f"/tmp/nginx-{port}.conf"  # noqa: S108  (of a container)
    station.write(
        path,
        f"""
        load_module /usr/lib/nginx/modules/ngx_stream_module.so;
        daemon off;
        master_process off;
        pid /tmp/nginx-{port}.pid;
        error_log stderr warn;
        events {{ worker_connections {2 * _CONNECTIONS}; }}
        stream {{
            server {{ listen {port}; proxy_pass {_text(upstream)}; proxy_buffer_size {_NGINX_BUFFER}; }}
        }}
        """,
    )
    return station.start("nginx", "-c", path, listens=port), (station.address, port)


FORWARDERS: dict[str, Forwarder] = {
    OURS: ours,
    "haproxy splice": haproxy_splice,
    "haproxy splice, 1 MiB": haproxy_wide,
    "haproxy": haproxy,
    "socat -b 256k": socat,
    "nginx": nginx,
}
RIVALS = ("haproxy splice", "socat -b 256k", "nginx")
"""Those that the goals speak of."""
DIRECT = "no forwarder"


def through(
    each: Mapping[str, Forwarder], run: Callable[..., Mapping[str, float]], places: Sequence[Station], *how: float
) -> dict[str, Run]:
    """Return a run through chains of each of these forwarders, on all places but the first and the last; by name."""
    return {name: partial(run, forwarder, places, *how) for name, forwarder in each.items()}


def direct(run: Callable[..., Mapping[str, float]], places: Sequence[Station], *how: float) -> dict[str, Run]:
    """Return a run from the first place to the last, with no forwarder between."""
    return {DIRECT: partial(run, ours, [places[0], places[-1]], *how)}


class Hops:
    """The forwarders of a chain, and what they cost since all of them listened."""

    def __init__(self) -> None:
        self.entrance: Address = ("", 0)
        self._jobs: list[Job] = []
        self._began: list[Cost] = []

    def start(self, forwarder: Forwarder, stations: Sequence[Station], server: Address) -> None:
        """Start one on each station, the last of which forwards to `server`."""
        self.entrance = server
        for station in reversed(stations):
            job, self.entrance = forwarder(station, self.entrance)
            self._jobs.append(job)
        self._began = [job.cost() for job in self._jobs]

    def cost(self) -> Cost:
        """Return the CPU time that they have taken since, added up."""
        costs = [job.cost().since(began) for job, began in zip(self._jobs, self._began, strict=True)]
        return Cost(sum(cost.cpu for cost in costs), sum(cost.kernel for cost in costs))

    def stop(self) -> list[Ended]:
        """Stop them all; return how they ended."""
        return [self._jobs.pop().stop() for _ in list(self._jobs)]


@contextlib.contextmanager
def chain(forwarder: Forwarder, stations: Sequence[Station], server: Address) -> Iterator[Hops]:
    """Have one on each station, as long as the block lasts. With no station, the entrance is the server itself."""
    hops = Hops()
    try:
        hops.start(forwarder, stations, server)
        yield hops
    finally:
        hops.stop()


def _haproxy(station: Station, upstream: Address, tuning: str, option: str) -> tuple[Job, Address]:
    port = station.port()
    path = f"/tmp/haproxy-{port}.conf"  # noqa: S108  (of a container)
    station.write(
        path,
        f"""
global
    maxconn {_CONNECTIONS}
    {tuning}
defaults
    mode tcp
    timeout connect 5s
    timeout client 1m
    timeout server 1m
    {option}
listen forwarder
    bind :{port}
    server upstream {_text(upstream)}
""",
    )
    return station.start("haproxy", "-f", path, listens=port), (station.address, port)


def _text(address: Address) -> str:
    return f"{address[0]}:{address[1]}"
