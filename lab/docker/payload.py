"""What compose would ask the engine for, to make what a Compose file of ours says.

    services.alice   ──container(), labels()──►  a container
      its networks   ──endpoint()─────────────►  its place on each
    networks.lab     ──network()──────────────►  a network

The labels are compose's own. By them `docker compose ps`, `exec` and `down` find what we made, and a later
`docker compose up` sees that it need not be made anew.
"""

from pathlib import Path
from typing import Any

from lab.docker.names import container_name
from lab.errors import EngineError

COMPOSE = "com.docker.compose."
HASH, IMAGE = COMPOSE + "config-hash", COMPOSE + "image"

KNOWN = {
    "build", "cap_add", "cap_drop", "command", "depends_on", "dns", "dns_opt", "hostname", "image", "init", "labels",
    "logging", "mac_address", "mem_limit", "memswap_limit", "networks", "pids_limit", "ports", "read_only", "restart",
    "security_opt", "stdin_open", "stop_grace_period", "sysctls", "tmpfs", "tty", "ulimits", "user", "volumes",
}  # fmt: skip
"""The keys of a service that are read here; `build` is for compose alone."""

Values = dict[str, Any]


def container(lab: str, node: str, service: Values, root: Path) -> Values:
    """Return the container of a service, on no network yet; paths start from the folder `root`.

    EngineError if the service has a key that would get lost.
    """
    if unknown := service.keys() - KNOWN:
        raise EngineError(f"{node} has {', '.join(sorted(unknown))} in compose.yaml; teach it to lab/docker/payload.py")
    published = [_published(port) for port in service.get("ports", ())]
    return {
        "Hostname": service["hostname"],
        "MacAddress": service.get(
            "mac_address", ""
        ),  # engines before API 1.44 read it here, later ones at the endpoint
        "Image": service["image"],
        "User": service["user"],
        "Cmd": service["command"],
        "Labels": service["labels"],
        "Tty": service["tty"],
        "OpenStdin": service["stdin_open"],
        "AttachStdout": True,
        "AttachStderr": True,
        "StopTimeout": int(service["stop_grace_period"].removesuffix("s")),
        "ExposedPorts": {inside: {} for _, _, inside in published},
        "HostConfig": {
            "NetworkMode": f"{lab}_{networks_of(service)[0]}",
            "Init": service["init"],
            "ReadonlyRootfs": service["read_only"],
            "CapAdd": service.get("cap_add"),
            "CapDrop": service["cap_drop"],
            "SecurityOpt": service["security_opt"],
            "PidsLimit": service["pids_limit"],
            "Memory": _bytes(service["mem_limit"]),
            "MemorySwap": _bytes(service["memswap_limit"]),
            "Ulimits": [{"Name": name, "Soft": most, "Hard": most} for name, most in service["ulimits"].items()],
            "LogConfig": {"Type": service["logging"]["driver"], "Config": service["logging"]["options"]},
            "Dns": service.get("dns"),
            "DnsOptions": service["dns_opt"],
            "PortBindings": {inside: [{"HostIp": host, "HostPort": port}] for host, port, inside in published},
            "RestartPolicy": {"Name": service.get("restart", "")},
            "Sysctls": service.get("sysctls"),
            "Tmpfs": {path: options for path, _, options in (each.partition(":") for each in service.get("tmpfs", ()))},
            "Binds": [_bind(volume, root) for volume in service.get("volumes", ())],
        },
    }


def _bytes(size: str) -> int:
    """Turn a number of mebibytes, as 512m, into bytes."""
    return int(size.removesuffix("m")) << 20


def _published(port: str) -> tuple[str, str, str]:
    """Take HOST:PORT:PORT/PROTOCOL apart: address and port on the host, port and protocol in the node."""
    host, outside, inside = port.split(":")
    return host, outside, inside


def _bind(volume: str, root: Path) -> str:
    """Make the path on the host absolute in HOST:NODE:ro."""
    host, inside, mode = volume.rsplit(":", 2)
    return f"{(root / host).resolve()}:{inside}:{mode}"


def labels(lab: str, node: str, service: Values, *, file: Path, root: Path, config_hash: str, image: str) -> Values:
    """Return what compose writes on a container, its own version apart."""
    waits = (f"{other}:service_started:false" for other in service.get("depends_on", ()))
    return {
        HASH: config_hash,
        IMAGE: image,
        COMPOSE + "project": lab,
        COMPOSE + "project.config_files": str(file),
        COMPOSE + "project.working_dir": str(root),
        COMPOSE + "service": node,
        COMPOSE + "container-number": "1",
        COMPOSE + "oneoff": "False",
        COMPOSE + "depends_on": ",".join(waits),
    }


def networks_of(service: Values) -> list[str]:
    """Return a service's networks, in the order in which compose connects it."""
    return sorted(service["networks"])


def endpoint(lab: str, node: str, service: Values, network: str) -> Values:
    """Return the place of a service on one of its networks."""
    place = {
        "IPAMConfig": {"IPv4Address": service["networks"][network]["ipv4_address"]},
        "Aliases": [container_name(lab, node), node],
    }
    return place | ({"MacAddress": service["mac_address"]} if "mac_address" in service else {})


def network(lab: str, name: str, spec: Values) -> Values:
    """Return a network."""
    pools = [{"Subnet": pool["subnet"], "Gateway": pool["gateway"]} for pool in spec["ipam"]["config"]]
    return {
        "Name": f"{lab}_{name}",
        "Driver": spec["driver"],
        "Options": spec.get("driver_opts", {}),
        "IPAM": {"Config": pools},
        "CheckDuplicate": True,
        "Labels": spec["labels"] | {COMPOSE + "project": lab, COMPOSE + "network": name},
    }
