"""Docker behind the engine seam."""

from lab.docker.engine import DockerEngine
from lab.docker.subnets import subnets_in_use

__all__ = ["DockerEngine", "subnets_in_use"]
