"""What a message costs when more receivers want it: multicast, and TCP fan-out, to 1 ... 200 containers on one bridge.

Each time more containers join the bridge, so that it has as many ports as there are receivers, and one more.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress

from benchmarks.contest import Curve
from benchmarks.effort import Effort
from benchmarks.errors import BenchmarkError
from benchmarks.multicast import MESSAGES, OURS, RECEIVER, SENDER, THEIRS, WAYS, count, run
from benchmarks.stations import Station, Where, bridge, stations

RECEIVERS = (1, 5, 25, 50, 100, 200)
ROUNDS = 2
ACROSS = "receivers"

TRIES = 3

DELIVERED = (
    "Every message came to every receiver. A run that lost one was done again, twice at most; a number of receivers "
    "that is not here never had them all: what loses them is a processor's queue of frames, which holds a thousand "
    "(net.core.netdev_max_backlog) and gets a copy for each receiver at once. With one receiver both ways cost a call "
    "and a frame, and neither is ahead. Multicast rises while more receivers share the cost of the one call; then the "
    "sender's processor does nothing but make copies, and deliveries stay where they are. TCP pays the call, the frame "
    "and the wake-up for each receiver anew."
)
SENT = (
    "The copies are made in the sender's name: the bridge runs inside the call, and asks the packet filter for each "
    "port anew. A bridge that knows no members (there is no querier) floods, so who has not joined costs nearly as "
    "much. Of a call by TCP a great part is the receiver's TCP, which runs inside it, too, and waking the receiver."
)
RECEIVED = (
    "Multicast: each datagram is a call, and the receiver is woken once a block. TCP fan-out: the receiver is woken by "
    "nearly every message, and goes to sleep again."
)


def measure(effort: Effort) -> Iterator[Curve]:
    """Yield what is delivered, and what it costs the sender and each receiver."""
    rounds, seconds = min(effort.rounds, ROUNDS), effort.seconds
    found: dict[str, dict[float, list[dict[str, float]]]] = {name: {} for name in (OURS, THEIRS)}
    with ExitStack() as stack:
        network = stack.enter_context(bridge())
        here: list[Station] = []
        for receivers in (1, 2) if effort.smoke else RECEIVERS:
            here += stack.enter_context(stations(receivers + 1 - len(here), on=network))
            for _ in range(rounds):
                for name, points in found.items():
                    messages = count(WAYS[name], receivers, seconds)
                    if measured := _run(name, here, messages):
                        points.setdefault(receivers, []).append(measured)
    yield Curve(
        "Messages to more and more receivers", ACROSS, "messages times receivers", "/s",
        {
            name: {receivers: [one[MESSAGES.name] * receivers for one in runs] for receivers, runs in points.items()}
            for name, points in found.items()
        },
        DELIVERED,
    )  # fmt: skip
    for title, what, note in (
        ("Sender's CPU for more and more receivers", SENDER, SENT),
        ("Receiver's CPU for more and more receivers", RECEIVER, RECEIVED),
    ):
        yield Curve(
            title, ACROSS, what.name, what.unit,
            {
                name: {receivers: [one[what.name] for one in runs] for receivers, runs in points.items()}
                for name, points in found.items()
            },
            note,
        )  # fmt: skip


def _run(name: str, here: Sequence[Station], messages: int) -> dict[str, float]:
    """Run until nothing is lost; return nothing if something is, time after time."""
    for _ in range(TRIES):
        with suppress(BenchmarkError):
            return run(WAYS[name], here, Where.CONTAINERS, messages)
    return {}
