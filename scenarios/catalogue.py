"""All scenarios, by name."""

from scenarios.casts import anycast, broadcast, groups, neighbours, reach, routed_groups, snooping, unicast
from scenarios.chaos import play as chaos
from scenarios.course import multicast, q1, q2, q3, threads
from scenarios.scenario import Scenario
from scenarios.switching import (
    bad_packets,
    broken,
    circuits,
    comparison,
    counting,
    datagrams,
    store_and_forward,
    thirty,
)

MODULES = (
    threads,
    q1,
    q2,
    q3,
    multicast,
    unicast,
    anycast,
    reach,
    broadcast,
    neighbours,
    groups,
    routed_groups,
    snooping,
    store_and_forward,
    bad_packets,
    datagrams,
    counting,
    circuits,
    broken,
    comparison,
    thirty,
    chaos,
)

CATALOGUE: dict[str, Scenario] = {scenario.name: scenario for module in MODULES for scenario in module.SCENARIOS}
