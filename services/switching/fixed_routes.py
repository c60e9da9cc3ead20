"""A table that is given on the command line: nobody is told of it, nothing is learned, no neighbour is missed."""

from collections.abc import Mapping

from services.switching.routing import Vector


class FixedRoutes:
    """Routes that stay as they were given."""

    def __init__(self, next_hops: Mapping[str, str]) -> None:
        """`next_hops` has the line to each destination."""
        self._next_hops = dict(next_hops)

    def heard_from(self, now: float, line: str) -> bool:
        """Nobody was missed."""
        return False

    def hear(self, now: float, line: str, vector: Vector) -> None:
        """Learn nothing."""

    def expire(self, now: float) -> list[str]:
        """Give nothing up."""
        return []

    def vectors(self, now: float) -> dict[str, Vector]:
        """Tell nothing."""
        return {}

    def due(self) -> float | None:
        """Return that there is never anything to do."""
        return None

    def next_hop(self, destination: str) -> str | None:
        """Return the line by which a destination is reached, if there is one."""
        return self._next_hops.get(destination)

    def table(self) -> dict[str, tuple[str, int | None]]:
        """Return the line to each destination, with no metric."""
        return {name: (line, None) for name, line in sorted(self._next_hops.items())}
