"""A network's switch, here a bridge, reads IGMP and spares hosts what they did not ask for.

Linux bridges snoop by default, but do so only once they have known a querier (here the router, in the field often a
switch) for as long as it gives hosts to answer: 10 s. Until then, they don't know all members, and send to all.
"""

import contextlib
import json
from collections.abc import Iterator
from functools import partial

from lab.events import Packet
from lab.lab import Lab
from lab.recorder import now
from lab.terminal import Terminal
from lab.waiting import eventually
from scenarios.casts.checks import snooping
from scenarios.casts.checks.counters import readings
from scenarios.casts.checks.snooping import ASKS_EVERY, FORGETS_AFTER, GROUP, MEMBER, NETWORK, OTHER, TO_ALL, TO_MEMBERS
from scenarios.casts.groups import receiver, sender, wait_joined
from scenarios.casts.shared import TOPOLOGY, bring_up
from scenarios.scenario import Scenario

PORT = 7008
LONG = " ." * 600
"""What makes a datagram so long that it can't be taken for anything else."""
CENTISECONDS = 100
USUALLY = {"mcast_snooping": 1, "mcast_membership_interval": 260 * CENTISECONDS}
LOOK = ["grep", f"{snooping.COUNTED_BY}:", snooping.TABLE]


def sent_where_wanted(lab: Lab) -> None:
    """One host is a member; the bridge sends first to all, and then, as it snoops, to that one."""
    bring_up(lab)
    with contextlib.ExitStack() as programs:
        with lab.step(f"{MEMBER} joins {GROUP}; w1 is ready to send"):
            member = programs.enter_context(receiver(lab, MEMBER, GROUP, port=PORT))
            member.wait_for(f"joined {GROUP}")
            wait_joined(lab, GROUP, MEMBER)
            w1 = programs.enter_context(sender(lab, "w1", GROUP, port=PORT))
        with lab.step(f"The bridge of {NETWORK} does not snoop; w1 sends, {MEMBER} shows it"), bridge(
            lab, mcast_snooping=0
        ):  # fmt: skip
            send(lab, w1, member, TO_ALL)
        shortened = (
            f"the router asks every {ASKS_EVERY} s, and the bridge forgets who did not answer for {FORGETS_AFTER} s"
        )
        programs.enter_context(bridge(lab, mcast_membership_interval=FORGETS_AFTER * CENTISECONDS))
        with lab.step(f"The bridge snoops again, with short timers: {shortened}"):
            programs.enter_context(asking(lab))
            begin = now()
            asked = partial(_asked, since=begin)
            lab.wait_packet("a router's queries", asked, sender="r1", count=FORGETS_AFTER // ASKS_EVERY + 2)
        with lab.step(f"The bridge has heard the querier for long enough: nothing to the group arrives at {OTHER}"):
            eventually(partial(_spared, lab, w1, member), f"{OTHER} spared what is for {GROUP}")
        with lab.step(f"w1 sends, and {MEMBER} shows it, long after it joined"):
            send(lab, w1, member, TO_MEMBERS)


def send(lab: Lab, w1: Terminal, member: Terminal, words: str) -> None:
    """Send a long datagram, and look before and after it at what has arrived at the host that is no member."""
    lab.node(OTHER).open(LOOK).wait_for_end()
    w1.type(f"{words}{LONG}\n")
    member.wait_for(words)
    lab.node(OTHER).open(LOOK).wait_for_end()


def _spared(lab: Lab, w1: Terminal, member: Terminal) -> bool:
    """Send a long datagram that is no part of the experiment; tell whether it has stayed away from the other host."""
    before = _received(lab)
    times = member.transcript.count("a try")
    w1.type(f"a try{LONG}\n")
    member.wait_for("a try", count=times + 1)
    return _received(lab) - before < len(LONG)


def _received(lab: Lab) -> int:
    """Return how many bytes IP of the host that is no member was handed."""
    text = lab.node(OTHER).run(LOOK).output.decode()
    return readings(text, snooping.COUNTED_BY)[-1][snooping.COUNTER]


def _asked(packet: Packet, since: float) -> bool:
    return packet.protocol == "igmp" and "query" in packet.what and packet.time > since


@contextlib.contextmanager
def bridge(lab: Lab, **settings: int) -> Iterator[None]:
    """Set the network's bridge while the block lasts."""
    lab.set_bridge(NETWORK, **settings)
    try:
        yield
    finally:
        lab.set_bridge(NETWORK, **{name: USUALLY[name] for name in settings})


@contextlib.contextmanager
def asking(lab: Lab) -> Iterator[None]:
    """Have the router ask the network often while the block lasts; it leaves half of the time to answer."""
    router, address = lab.node("r1"), str(lab.node("r1").spec.addresses[NETWORK])
    told = json.loads(router.run(["vtysh", "-c", "show ip igmp interface json"]).output)
    name = next(name for name, said in told.items() if isinstance(said, dict) and said.get("address") == address)

    def configure(*lines: str) -> None:
        words = [word for line in ("configure terminal", f"interface {name}", *lines) for word in ("-c", line)]
        router.run(["vtysh", *words])

    configure(f"ip igmp query-max-response-time {ASKS_EVERY * 5}", f"ip igmp query-interval {ASKS_EVERY}")
    try:
        yield
    finally:
        configure("no ip igmp query-interval", "no ip igmp query-max-response-time")


SCENARIOS = (
    Scenario(
        "snooping",
        "A bridge that snoops sends a group's frames to members' ports alone, for as long as they answer a querier.",
        TOPOLOGY,
        sent_where_wanted,
        (
            snooping.without_snooping_all_get_it,
            snooping.with_snooping_members_get_it,
            snooping.membership_lasts_while_it_is_asked_for,
        ),
        shares=True,
    ),
)  # fmt: skip
