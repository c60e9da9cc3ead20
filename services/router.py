r"""A router: FRR's daemons, each speaking one protocol, and the configuration that tells them what to do.

    CONFIG --> vtysh -b --> ospfd  ospf6d  bfdd  pimd  pim6d     one for each protocol that CONFIG names
                 |              \      |     |     |     /
                 '---> mgmtd, staticd, zebra                     zebra writes what they find out
                                         |
                                 the kernel's routes             and the kernel passes the packets on

This program starts them, tells them CONFIG, and watches over them: when one ends, all end. A student asks them
with `vtysh`, as in `vtysh -c "show ip route"`.
"""

import argparse
import json
import re
import socket
import subprocess
import sys
import time
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from services.shared import directed_broadcasts, given_rights
from services.shared.children import Children
from services.shared.command_line import CommandLine
from services.shared.ending import end, end_on_signals, fail
from services.shared.output import say
from services.shared.tcp import reason

_DAEMONS = Path("/usr/lib/frr")
_SETTINGS = Path("/etc/frr")
_RUNNING = Path("/run/frr")
_START_SECONDS = 10.0
_POLL_SECONDS = 0.005

ALWAYS = ("mgmtd", "zebra", "staticd")
# What stands in a line for which a daemon is needed.
NEEDED = {
    "ospfd": r"ospf\b",
    "ospf6d": r"ospf6\b",
    "bfdd": r"bfd\b",
    "pimd": r"(router pim|ip (pim|igmp))\b",
    "pim6d": r"(router pim6|ipv6 (pim|mld))\b",
}
NO_REDIRECTS = """
table ip router {
    chain output { type filter hook output priority filter; icmp type redirect drop; }
}
"""
SUBNET = re.compile(r"\{(\d[\d.]*/\d+)\}")


class ConfigurationError(Exception):
    """The configuration names something that this machine does not have."""


def protocols(config: str) -> list[str]:
    """Return the daemons that a configuration needs beside those that every router has."""
    lines = [line for line in config.splitlines() if not line.lstrip().startswith(("!", "#"))]
    return [daemon for daemon, words in NEEDED.items() if any(re.search(rf"\b{words}", line) for line in lines)]


def addresses_here() -> dict[IPv4Address, str]:
    """Return the name of the interface of each IPv4 address that this machine has. Raises OSError."""
    listed = subprocess.run(["ip", "-json", "-4", "address"], capture_output=True, text=True, check=False).stdout
    return {
        IPv4Address(address["local"]): interface["ifname"]
        for interface in json.loads(listed or "[]")
        for address in interface.get("addr_info", [])
    }


def with_names(config: str, here: dict[IPv4Address, str]) -> tuple[str, list[str]]:
    """Put the name of the interface in place of each {SUBNET}; return the names, too.

    The engine gives a container's interfaces their names in no order that one could know beforehand. Raises
    ConfigurationError.
    """
    names: list[str] = []

    def name(place: re.Match[str]) -> str:
        try:
            subnet = IPv4Network(place[1])
        except ValueError as error:
            raise ConfigurationError(f"{place[0]} in the configuration is no subnet: {error}") from None
        for address, interface in here.items():
            if address in subnet:
                if interface not in names:
                    names.append(interface)
                return interface
        raise ConfigurationError(f"no interface here has an address in {subnet}, which the configuration names")

    return SUBNET.sub(name, config), names


def take_over() -> None:
    """Leave all routes to FRR, and hosts to their routes. Raises OSError.

    The engine has given this machine a default route. And a kernel that sends a packet out where it came in tells
    its sender of the shorter way (an ICMP redirect), by which a host goes on when that way is long gone.
    """
    subprocess.run(["ip", "-4", "route", "flush", "default"], check=False)
    subprocess.run(["nft", "-f", "-"], input=NO_REDIRECTS, text=True, check=False)


def start(daemon: str, children: Children) -> None:
    """Start a daemon and wait until it takes commands; the next one may need it. Raises OSError."""
    words = ("-u", "root", "-g", "root", "-P", "0")  # no TCP port for commands: vtysh comes by a socket of this machine
    children.start(daemon, str(_DAEMONS / daemon), *words, log=str(_RUNNING / f"{daemon}.log"))
    deadline = time.monotonic() + _START_SECONDS
    while not _takes_commands(daemon):
        if ended := children.first_to_end(wait=False):
            fail(why_ended(*ended))
        if time.monotonic() > deadline:
            fail(f"{daemon} takes no commands {_START_SECONDS:g} s after its start; see {_RUNNING}/{daemon}.log")
        time.sleep(_POLL_SECONDS)


def _takes_commands(daemon: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(_RUNNING / f"{daemon}.vty")) == 0


def load() -> None:
    """Have the daemons take the configuration, or end with what vtysh has to say against it."""
    loaded = subprocess.run(["vtysh", "-b"], capture_output=True, text=True, check=False)
    if loaded.returncode != 0:
        said = dict.fromkeys(loaded.stderr.splitlines())  # each daemon says it
        about_lines = [" ".join(line.split()) for line in said if line.startswith("line ")]
        fail(f"FRR does not take the configuration: {'; '.join(about_lines or said)}", status=2)


def why_ended(name: str, status: int) -> str:
    """Say that a program ended, with the last that it said."""
    how = f"by signal {-status}" if status < 0 else f"with status {status}"
    log = _RUNNING / f"{name}.log"
    said = log.read_text(errors="replace").splitlines() if log.exists() else []
    return f"{name} ended {how}" + (f", having said: {'; '.join(said[-3:])}" if said else "")


def main() -> None:
    """Read the command line, start the daemons, watch over them."""
    line = CommandLine("router", "Routes with FRR, as its configuration says, and runs another program beside that.")
    line.add_argument(
        "config",
        metavar="CONFIG",
        help="FRR's configuration, as text; {10.84.1.0/24} stands for the interface with an address in that subnet",
    )
    line.add_argument(
        "-m",
        dest="module",
        nargs=argparse.REMAINDER,
        metavar="MODULE ARGUMENT...",
        help="a Python module to run on this terminal meanwhile, with its arguments; when it ends, the router does",
    )
    line.usage = "python3 -m services.router CONFIG [-m MODULE ARGUMENT...]"
    options = line.parse_args()
    if options.module == []:
        line.error("argument -m: there is no module: give one as in -m services.anycast_responder")
    end_on_signals()

    children = Children()
    try:
        config, interfaces = with_names(options.config, addresses_here())
        if not _DAEMONS.is_dir():
            fail(f"there is no FRR in {_DAEMONS}: run this in the image socklab-router, or install Debian's frr")
        given_rights.keep()
        take_over()
        (_SETTINGS / "frr.conf").write_text(config + "\n")
        (_SETTINGS / "vtysh.conf").write_text("service integrated-vtysh-config\n")
        directed_broadcasts.let_in_if_told()
        needed = protocols(config)
        for daemon in (*ALWAYS, *needed):
            start(daemon, children)
        load()
        names = ", ".join(daemon.removesuffix("d") for daemon in needed) or "static routes"
        say(f"* routing: {names}" + (f" on {' '.join(interfaces)}" if interfaces else ""))
        if options.module:
            children.start(options.module[0], sys.executable, "-m", *options.module)
    except ConfigurationError as error:
        fail(str(error), status=2)
    except OSError as error:
        fail(f"cannot route: {error.filename or 'a file'}: {reason(error)}")

    while ended := children.first_to_end():
        if options.module and ended[0] == options.module[0]:
            end(ended[1] if ended[1] >= 0 else 128 - ended[1])
        fail(why_ended(*ended))


if __name__ == "__main__":
    main()
