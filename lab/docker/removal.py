"""Removing what an engine has made, also where others are removing it, or the engine errs."""

import contextlib

from docker.errors import APIError, NotFound
from docker.models.containers import Container
from docker.models.networks import Network


def remove_container(container: Container) -> None:
    """Remove a container and what is its alone, whatever state it is in."""
    with contextlib.suppress(NotFound):
        container.remove(force=True, v=True)


def remove_network(network: Network) -> str:
    """Remove a network; say why where an engine does not, though nothing is on it."""
    try:
        network.remove()
    except NotFound:
        pass
    except APIError as error:
        network.reload()
        if "active endpoints" not in str(error) or network.attrs["Containers"]:
            raise
        return (
            f"Docker does not remove {network.name}: it counts endpoints on it, and there are none (moby issue 42119);"
            " a restart of the engine frees it"
        )
    return ""
