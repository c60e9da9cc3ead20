"""Tries to get out of a node: to the host, to another lab, to the world, to root. Each has a control that gets there.

small lab, on its own:   a (host)  b (host)  server  r1 r2 ...      open lab:   out (host), on a network that leads out
                         │                                                      │
                         └── nothing of the host answers                        └── the host answers
"""

import json
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
import pytest

from lab.bases import free_base
from lab.docker import DockerEngine
from lab.up import up
from topology.plan import Topology, load

pytestmark = pytest.mark.timeout(180)

ALONE = """
name: alone
base: 10.83.0.0/16
networks: {west: {subnet: 10.83.0.0/24, ipv6: true}, east: {subnet: 10.83.1.0/24, ipv6: true}}
nodes:
  a: {role: host, networks: [west]}
  r: {role: router, networks: [west, east]}
"""
OPEN = """
name: open
base: 10.83.0.0/16
networks: {lab: {subnet: 10.83.0.0/24, internal: false}}
nodes:
  out: {role: host}
  server: {role: project3-server, publish: PORT}
"""
DIAL = """
import socket, sys
from concurrent.futures import ThreadPoolExecutor
def dial(address):
    try:
        with socket.create_connection((address, int(sys.argv[1])), timeout=3) as connection:
            return connection.recv(9)
    except OSError as error:
        return error
with ThreadPoolExecutor(32) as pool:
    for address, answer in zip(sys.argv[2:], pool.map(dial, sys.argv[2:])):
        print(address, "answers" if answer == b"the host" else answer)
"""
# What is tried; of all of it, the last alone may be done.
GAIN = """
import ctypes, os, socket, stat, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
def setuid_program():
    with subprocess.Popen(["passwd"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as one:
        one.stdout.read(1)
        ids = next(line for line in open(f"/proc/{one.pid}/status") if line.startswith("Uid:")).split()[1:]
        one.kill()
    if "0" not in ids:
        raise OSError(0, "it runs as its caller")
files = ["/etc/passwd", "/etc/hosts", "/etc/resolv.conf", "/usr/bin/python3", "/lab/services/router.py",
         "/proc/sys/kernel/core_pattern", "/proc/sys/net/ipv4/ip_forward", "/proc/sysrq-trigger", "/proc/kcore",
         "/sys/kernel/uevent_helper", "/dev/mem", "/dev/kmsg"]
tries = {f"write {file}": lambda file=file: os.close(os.open(file, os.O_WRONLY)) for file in files}
tries |= {
    "mount": lambda: call("mount", b"none", b"/dev/shm", b"tmpfs", 0, None),
    "mount proc": lambda: call("mount", b"proc", b"/dev/shm", b"proc", 0, None),
    "remount /proc/sys": lambda: call("mount", b"", b"/proc/sys", b"", 0x20 | 0x1000, None),
    "remount /": lambda: call("mount", b"", b"/", b"", 0x20, None),
    "unmount": lambda: call("umount2", b"/proc/sys", 0),
    "a user namespace": lambda: call("unshare", 0x10000000),
    "a mount namespace": lambda: call("unshare", 0x00020000),
    "chroot": lambda: os.chroot("/dev/shm"),
    "a device": lambda: os.mknod("/dev/shm/disk", stat.S_IFBLK | 0o600, os.makedev(8, 0)),
    "a module": lambda: call("init_module", b"", 0, b""),
    "the host's name": lambda: socket.sethostname("mine"),
    "a file of another": lambda: os.chown("/dev/shm", 1, 1),
    "another user": lambda: os.setresuid(7, 7, 7),
    "another group": lambda: os.setgroups([0, 7]),
}
if sys.argv[1] == "a":
    tries |= {
        "root": lambda: os.setuid(0),
        "a setuid program": setuid_program,
        "raw packets": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close(),
        "an address": lambda: subprocess.run(
            ["ip", "address", "add", "10.83.0.1/24", "dev", "eth0"], check=True, capture_output=True),
    }
tries["write /dev/shm/mine"] = lambda: open("/dev/shm/mine", "w").close()
for name, attempt in tries.items():
    try:
        attempt()
        print(name)
    except (OSError, subprocess.CalledProcessError):
        pass
"""


class Pair:
    """Two labs that are up: one on its own, one open; and the host's addresses, with a port at which it answers."""

    def __init__(self, alone: DockerEngine, out: DockerEngine, port: int, published: int) -> None:
        self.alone, self.out, self.port, self.published = alone, out, port, published
        self.host = addresses_of_the_host(*(alone._bridge(name) for name in ("west", "east")), out._bridge("lab"))

    @property
    def gateway(self) -> object:
        """The address of the open lab's bridge."""
        return self.out.topology.networks["lab"].gateway if self.out.topology else None

    def reached(self, engine: DockerEngine, node: str, addresses: list[str]) -> set[str]:
        """Return at which addresses of the host a node gets an answer."""
        done = engine.run(node, ["python3", "-c", DIAL, str(self.port), *addresses])
        assert done.status == 0, done.output
        return {line.split()[0] for line in done.output.decode().splitlines() if line.endswith(" answers")}


@contextmanager
def host_that_answers() -> Iterator[int]:
    """Answer `the host` at a port of every address of this host."""
    with socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True) as listener:

        def answer() -> None:
            while True:
                try:
                    caller, _ = listener.accept()
                except OSError:
                    return
                with caller:
                    caller.sendall(b"the host")

        threading.Thread(target=answer, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def addresses_of_the_host(*bridges: str) -> list[str]:
    """Return the IPv4 addresses of this host, and as a node would have to call them the IPv6 ones of its links.

    Of bridges, those that are named: those of other labs come and go, and an address that is gone is a stranger's.
    """
    told = json.loads(subprocess.run(["ip", "-json", "address"], capture_output=True, check=True).stdout)
    links = [link for link in told if link["ifname"] in bridges or not link["ifname"].startswith(("br-", "veth"))]
    infos = [info for link in links for info in link["addr_info"] if info["scope"] != "host"]
    return [
        info["local"] + ("%eth0" if info["family"] == "inet6" and info["scope"] == "link" else "") for info in infos
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Bring both labs up."""
    folder, published = tmp_path_factory.mktemp("labs"), free_port()
    engines = [DockerEngine(f"socklab-breakout-{name}-{os.getpid()}") for name in ("alone", "open")]
    try:
        for engine, text in zip(engines, (ALONE, OPEN.replace("PORT", str(published))), strict=True):
            with free_base() as base:
                up(topology_of(text, engine.lab, base, folder), engine, folder / engine.lab, lambda text: None)
        with host_that_answers() as port:
            yield Pair(engines[0], engines[1], port, published)
    finally:
        for engine in engines:
            engine.remove()
            engine.close()


def topology_of(text: str, name: str, base: str, folder: Path) -> Topology:
    file = folder / f"{name}.yaml"
    file.write_text(text)
    return load(file, name=name, base=base, root=folder)


@pytest.mark.parametrize("node", ["a", "r"])
def test_no_address_of_the_host_answers(pair: Pair, node: str) -> None:
    assert pair.reached(pair.alone, node, pair.host) == set()
    assert str(pair.gateway) in pair.reached(pair.out, "out", pair.host)  # the control


def test_nobody_is_there_to_pass_packets_on(pair: Pair) -> None:
    """What is outside would be reached through a gateway. Nothing is sent to find that out: the kernel is asked."""
    assert b"unreachable" in pair.alone.run("r", ["ip", "route", "get", "203.0.113.1"]).output
    to_r = str(pair.alone.topology.networks["west"].gateway).encode()  # type: ignore[union-attr]
    assert b"via " + to_r in pair.alone.run("a", ["ip", "route", "get", "203.0.113.1"]).output


def test_another_lab_is_out_of_reach(pair: Pair) -> None:
    assert pair.out.topology
    server = str(pair.out.topology.nodes["server"].addresses["lab"])
    dial = ["python3", "-c", f"import socket; socket.create_connection(({server!r}, 10000), 3)"]
    assert pair.out.run("out", dial).status == 0  # the control
    for node in ("a", "r"):
        assert pair.alone.run(node, dial).status != 0


def test_names_of_nodes_are_known_and_others_asked_of_nobody(pair: Pair) -> None:
    """A name without a dot is answered at once: `no such name`, and not `try again`, as after a wait in vain."""
    ask = "import socket, sys; print(socket.getaddrinfo(sys.argv[1], 80)[0][4][0])"
    assert pair.alone.run("a", ["python3", "-c", ask, "r"]).output.startswith(b"10.")
    wrong = pair.alone.run("a", ["python3", "-c", ask, "nobody"]).output.decode().splitlines()[-1]
    assert "gaierror" in wrong
    assert "Temporary failure" not in wrong
    assert b"nameserver 127.0.0.11" in pair.alone.run("a", ["cat", "/etc/resolv.conf"]).output
    client = docker.from_env()
    asked = client.containers.get(pair.alone.container_of("a")).attrs["HostConfig"]["Dns"]
    client.close()
    assert asked == ["127.0.0.1"]  # the node itself, where nobody listens


@pytest.mark.parametrize("node", ["a", "r"])
def test_nobody_becomes_root_or_gets_at_the_host(pair: Pair, node: str) -> None:
    done = pair.alone.run(node, ["python3", "-c", GAIN, node])
    assert done.output.decode().splitlines() == ["write /dev/shm/mine"]


def test_a_published_port_leads_in_from_the_loopback_alone(pair: Pair) -> None:
    socket.create_connection(("127.0.0.1", pair.published), 3).close()
    for address in pair.host:
        if ":" not in address:
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((address, pair.published), 3)
