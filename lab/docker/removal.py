"""Removing what an engine has made, also where others are removing it, or the engine errs."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

from docker import DockerClient
from docker.errors import APIError, NotFound
from docker.models.networks import Network

LAB_LABEL = "socklab.lab"
AT_ONCE = 8
"""Removals at a time: the engine serves more no faster on two cores (measured), and fewer leave one idle."""


def remove_lab(client: DockerClient, lab: str) -> list[str]:
    """Remove all containers and networks that carry a lab's label; return what is said of networks that stay."""
    mine: dict[str, str | list[str] | bool] = {"label": f"{LAB_LABEL}={lab}"}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = client.api.containers(quiet=True, all=True, filters=mine)
        list(pool.map(lambda each: remove_container(client, each["Id"]), found))
        return [kept for kept in pool.map(remove_network, client.networks.list(filters=mine)) if kept]


def remove_container(client: DockerClient, container: str) -> None:
    """Remove a container and what is its alone, whatever state it is in."""
    with contextlib.suppress(NotFound):
        client.api.remove_container(container, force=True, v=True)


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
