"""What can be seen of faults from outside: at a node, and which helpers stand beside nodes."""

import re

import docker

from lab.docker import DockerEngine
from lab.faults.beside import Beside
from lab.waiting import eventually

OURS = re.compile(r"50cb:|socklab")
"""How what we put into a node's kernel is marked."""


def state_of(engine: DockerEngine, node: str) -> str:
    """All that could be ours in a node's kernel, looked at from beside it."""
    helper = Beside(engine, node, undo=False)
    try:
        return helper.run(["tc", "qdisc", "show"], ["ip", "-brief", "link"], ["nft", "list", "ruleset"])
    finally:
        helper.close()


def helpers(client: docker.DockerClient, lab: str) -> list[str]:
    found = client.containers.list(all=True, filters={"label": f"socklab.lab={lab}"}, ignore_removed=True)
    return [str(container.name) for container in found if "beside" in str(container.name)]


def wait_no_helpers(client: docker.DockerClient, lab: str) -> None:
    def look() -> bool:
        return not helpers(client, lab)

    eventually(look, "no helper left", otherwise=lambda: str(helpers(client, lab)), every=0.1)
