"""All targets, by name. A module has those of one kind of input."""

from reliability.fuzz.target import Target, targets_of

MODULES = ("arguments", "lines", "screens", "packets", "hosts", "engine", "captures", "proc", "stored", "topologies")


def targets() -> dict[str, Target]:
    """Return all targets."""
    return {name: target for module in MODULES for name, target in of_module(module).items()}


def find(name: str) -> Target:
    """Return one target, having imported what it needs alone: the lab takes longer to import than to fuzz."""
    return of_module(name.partition(".")[0])[name]


def of_module(module: str) -> dict[str, Target]:
    """Return the targets of one module."""
    return targets_of(f"reliability.fuzz.{module}")
