"""`python3 -m benchmarks.load.mininet_hosts`: how long Mininet takes to make hosts on one bridge, and to remove them.

Its hosts are network namespaces, each with a shell: no image, no file system or processes of their own, no names.
"""

import argparse
import json
import time

BEGAN = time.monotonic()  # what it imports belongs to the start

from mininet.net import Mininet  # type: ignore[import-not-found]  # noqa: E402
from mininet.node import Switch  # type: ignore[import-not-found]  # noqa: E402


class Bridge(Switch):  # type: ignore[misc]
    """A bridge of the kernel's, as a lab's network is. Mininet's own needs a tool that few systems still have."""

    def start(self, controllers: object) -> None:
        """Make it, and put the hosts' ends on it."""
        self.cmd(f"ip link add {self.name} type bridge && ip link set {self.name} up")
        for interface in self.intfList():
            if interface.name != "lo":
                self.cmd(f"ip link set {interface.name} master {self.name} up")


def main() -> None:
    """Make hosts, see that the last reaches the first, remove them; print the seconds of both."""
    line = argparse.ArgumentParser(prog="python3 -m benchmarks.load.mininet_hosts", description=__doc__)
    line.add_argument("--hosts", type=int, required=True, help="how many")
    options = line.parse_args()
    net = Mininet(switch=Bridge, controller=None, waitConnected=False)
    switch = net.addSwitch("s1", inNamespace=False)
    hosts = [net.addHost(f"h{number}") for number in range(1, options.hosts + 1)]
    for host in hosts:
        net.addLink(host, switch)
    net.start()
    up = time.monotonic() - BEGAN
    said = hosts[-1].cmd(f"ping -c 1 -W 2 {hosts[0].IP()}")
    if " 0% packet loss" not in said:
        raise SystemExit(f"the hosts do not reach each other: {said.strip().splitlines()[-1:]}")
    began = time.monotonic()
    net.stop()
    print(json.dumps({"up": up, "down": time.monotonic() - began}))


if __name__ == "__main__":
    main()
