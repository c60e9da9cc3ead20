"""All scenarios, by name."""

from scenarios import multicast, q1, q2, q3
from scenarios.scenario import Scenario

CATALOGUE: dict[str, Scenario] = {
    scenario.name: scenario for module in (q1, q2, q3, multicast) for scenario in module.SCENARIOS
}
