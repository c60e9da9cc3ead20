"""Docker behind the engine seam: DockerNodes to bring a lab up and down, DockerEngine for all that a lab can do.

What needs the SDK is imported when it is asked for: bringing a lab up and down does not need it.
"""

from typing import TYPE_CHECKING, Any

from lab.docker.nodes import DockerNodes

if TYPE_CHECKING:
    from lab.docker.engine import DockerEngine
    from lab.docker.subnets import subnets_in_use

__all__ = ["DockerEngine", "DockerNodes", "subnets_in_use"]


def __getattr__(name: str) -> Any:
    if name == "DockerEngine":
        from lab.docker.engine import DockerEngine

        return DockerEngine
    if name == "subnets_in_use":
        from lab.docker.subnets import subnets_in_use

        return subnets_in_use
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
