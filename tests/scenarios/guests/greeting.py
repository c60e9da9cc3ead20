"""The smallest scenario, as docs/scenarios.md shows it."""

from scenarios.scenario import Scenario
from tests.repo.documents import all_sections


def shown() -> tuple[Scenario, ...]:
    """Run the module that the page shows; return its scenarios."""
    blocks = [block for section in all_sections() for block in section.blocks]
    (module,) = (block for block in blocks if block.name == "scenarios/greeting.py")
    names: dict[str, tuple[Scenario, ...]] = {}
    exec(compile(module.text, module.where, "exec"), names)  # noqa: S102
    return names["SCENARIOS"]


GUESTS = shown()
