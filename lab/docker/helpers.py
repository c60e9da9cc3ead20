"""The containers beside the nodes: taps, and what passes by to look at a node or to change its network.

Each has one right, or the few that its work takes, and limits like a node's; none has the engine's socket. What runs
in them is ours, but it reads what nodes send.
"""

from typing import Any

TAP_IMAGE = "socklab-tap"
MEMORY = 1 << 30
"""Bytes. A tap's dissection keeps what it knows of each connection that it has seen."""
PROCESSES = 128
FILES = 1024
LOG = {"max-size": "4m", "max-file": "2"}
NO_NEW_RIGHTS = "no-new-privileges:true"


def confined(*rights: str) -> dict[str, Any]:
    """Return the options by which the SDK creates a helper that has these capabilities and no others."""
    return {
        "cap_drop": ["ALL"],
        "cap_add": list(rights),
        "security_opt": [NO_NEW_RIGHTS],
        "pids_limit": PROCESSES,
        "mem_limit": MEMORY,
        "memswap_limit": MEMORY,
        "ulimits": [{"Name": "nofile", "Soft": FILES, "Hard": FILES}],
        "log_config": {"Type": "json-file", "Config": LOG},
    }


def confined_host(*rights: str) -> dict[str, Any]:
    """Return the same as the engine has it, in the HostConfig of a container, which cannot write to its disk either."""
    return {
        "CapDrop": ["ALL"],
        "CapAdd": list(rights),
        "SecurityOpt": [NO_NEW_RIGHTS],
        "ReadonlyRootfs": True,
        "PidsLimit": PROCESSES,
        "Memory": MEMORY,
        "MemorySwap": MEMORY,
        "Ulimits": [{"Name": "nofile", "Soft": FILES, "Hard": FILES}],
        "LogConfig": {"Type": "json-file", "Config": LOG},
    }


def confined_words(*rights: str) -> list[str]:
    """Return the same for the command `docker run`, whose output is read by the one who called it and kept nowhere."""
    return [
        "--cap-drop=ALL", *(f"--cap-add={right}" for right in rights), f"--security-opt={NO_NEW_RIGHTS}",
        "--read-only", f"--pids-limit={PROCESSES}", f"--memory={MEMORY}", f"--memory-swap={MEMORY}",
        f"--ulimit=nofile={FILES}", "--log-driver=none",
    ]  # fmt: skip
