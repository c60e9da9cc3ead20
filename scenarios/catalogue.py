"""All scenarios, by name."""

from scenarios.casts import anycast, broadcast, groups, neighbours, reach, routed_groups, snooping, unicast
from scenarios.course import multicast, q1, q2, q3
from scenarios.scenario import Scenario

MODULES = (q1, q2, q3, multicast, unicast, anycast, reach, broadcast, neighbours, groups, routed_groups, snooping)

CATALOGUE: dict[str, Scenario] = {scenario.name: scenario for module in MODULES for scenario in module.SCENARIOS}
