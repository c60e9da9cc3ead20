"""What a benchmark was measured on: the machine, its kernel, its engine, and the versions of all who compete."""

import os
import platform
import re
from pathlib import Path

from benchmarks.stations import IMAGE, docker

CONTROL = Path("/proc/sys/net/ipv4/tcp_congestion_control")
PEERS = ("haproxy", "mininet", "ncat", "nginx", "python3", "socat")


def facts() -> dict[str, str]:
    """Return what a reader has to know to compare the figures. BenchmarkError if the engine does not answer."""
    engine = docker("version", "--format", "{{.Server.Version}} (API {{.Server.APIVersion}})").strip()
    storage = docker("info", "--format", "{{.Driver}}, cgroup v{{.CgroupVersion}}").strip()
    packages = docker(
        "run", "--rm", "--network", "none", IMAGE, "dpkg-query", "-W", "-f", "${Package} ${Version}\n", *PEERS
    )
    return {
        "Processor": f"{os.cpu_count()} cores, {processor(Path('/proc/cpuinfo').read_text(encoding='utf-8'))}",
        "Memory": f"{memory(Path('/proc/meminfo').read_text(encoding='ascii')):.0f} GiB",
        "Kernel": platform.release(),
        "TCP congestion control": CONTROL.read_text(encoding="ascii").strip(),
        "System": platform.freedesktop_os_release()["PRETTY_NAME"],
        "Docker Engine": f"{engine}, {storage}",
        "Docker Compose": docker("compose", "version", "--short").strip(),
        "In the containers": ", ".join(short(line) for line in packages.splitlines()),
    }


def processor(text: str) -> str:
    """Return the processor's name in the text of /proc/cpuinfo, or its architecture, where there is none."""
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return found[1] if found else platform.machine()


def memory(text: str) -> float:
    """Return the memory in GiB in the text of /proc/meminfo."""
    found = re.search(r"^MemTotal: +(\d+) kB$", text, re.MULTILINE)
    return int(found[1]) / 1024**2 if found else 0.0


def short(package: str) -> str:
    """Return a package and its version without epoch and Debian's revision."""
    name, _, version = package.partition(" ")
    return f"{name} {re.sub(r'^[0-9]+:|[-+~][^ ]*$', '', version)}"
