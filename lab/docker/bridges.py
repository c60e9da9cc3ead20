"""Bridges that the host is not on: the engine leaves out their IPv4 address when it is told to, not their IPv6 one.

    node ──fe80::1%eth0──► bridge, which has an fe80:: address as every link has ──► what listens on the host

Where nodes have IPv6, that would be their way to the host. So the addresses are taken off the bridges before the first
node is there, by a passing container with NET_ADMIN alone. Nodes without IPv6 have nothing to call them with.
"""

from collections.abc import Iterable

from lab.docker.api import Api, unframed
from lab.docker.helpers import TAP_IMAGE, confined_host
from lab.docker.names import LAB_LABEL
from lab.docker.removal import remove_container
from lab.errors import EngineError


def name_of(network: str) -> str:
    """Return the bridge of a network, of which the engine's id is given."""
    return f"br-{network[:12]}"


def take_off(api: Api, lab: str, bridges: Iterable[str]) -> None:
    """Leave these bridges without any IPv6 address, now and later. EngineError if that does not come about."""
    script = "\n".join(
        f"ip link set dev {bridge} addrgenmode none && ip -6 address flush dev {bridge} || exit" for bridge in bridges
    )
    wanted = {
        "Image": TAP_IMAGE,
        "Cmd": ["sh", "-c", script],
        "Labels": {LAB_LABEL: lab},
        "HostConfig": {"NetworkMode": "host", **confined_host("NET_ADMIN")},
    }
    made = api.post("/containers/create", wanted)["Id"]
    try:
        api.post(f"/containers/{made}/start")
        if api.post(f"/containers/{made}/wait")["StatusCode"]:
            said = unframed(api.get_bytes(f"/containers/{made}/logs", stdout=1, stderr=1)).decode("utf-8", "replace")
            raise EngineError(f"the bridges of {lab} keep their IPv6 addresses: {said.strip()}; leave `ipv6` out")
    finally:
        remove_container(api, made)
