"""Removing what an engine has made, also where others are removing it, or the engine errs."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lab.docker.api import GONE, Api, ApiError
from lab.docker.names import LAB_LABEL
from lab.errors import MISCOUNTED, GaveUp
from lab.waiting import eventually

AT_ONCE = 8
"""Removals at a time: the engine serves more no faster on two cores (measured), and fewer leave one idle."""


def remove_lab(api: Api, lab: str) -> list[str]:
    """Remove all containers and networks that carry a lab's label; return what is said of networks that stay."""
    mine = {"label": [f"{LAB_LABEL}={lab}"]}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = api.get("/containers/json", all=1, filters=mine)
        list(pool.map(lambda each: remove_container(api, each["Id"]), found))
        return [kept for kept in pool.map(lambda each: _remove_network(api, each), networks(api, lab)) if kept]


def networks(api: Api, lab: str) -> list[dict[str, Any]]:
    """Return the networks that carry a lab's label."""
    return list(api.get("/networks", filters={"label": [f"{LAB_LABEL}={lab}"]}))


def remove_container(api: Api, container: str) -> None:
    """Remove a container and what is its alone, whatever state it is in. One that goes by itself is waited for."""

    def look() -> bool:
        try:
            _unless_gone(api, f"/containers/{container}", force=1, v=1)
        except ApiError as error:
            if "already in progress" not in str(error):
                raise
            return False
        return True

    try:
        eventually(look, "its removal")
    except GaveUp as gave_up:
        raise ApiError(0, f"the engine is removing {container[:12]}, and has not done so: {gave_up}") from None


def _remove_network(api: Api, network: dict[str, Any]) -> str:
    """Remove a network; say why where an engine does not, though nothing is on it."""
    try:
        _unless_gone(api, f"/networks/{network['Id']}")
    except ApiError as error:
        if MISCOUNTED not in str(error) or api.get(f"/networks/{network['Id']}")["Containers"]:
            raise
        return (
            f"Docker does not remove {network['Name']}: it counts {MISCOUNTED} on it, and there are none (moby"
            " issue 42119); a restart of the engine frees it"
        )
    return ""


def _unless_gone(api: Api, path: str, **query: int) -> None:
    try:
        api.delete(path, **query)
    except ApiError as error:
        if error.status != GONE:
            raise
