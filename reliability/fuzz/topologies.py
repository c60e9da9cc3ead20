"""Topology files: any bytes are a lab that can be started, or problems in lines; and what is made of a lab holds.

An input is a file as it stands; or, since most changes to YAML are no YAML any more, one of the repository's files of
which some values were changed.
"""

import tempfile
from collections.abc import Callable
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import yaml

from lab.errors import UsageError
from lab.up import start_order
from reliability.fuzz.shapes import varied
from reliability.fuzz.target import Pieces, one_line, target
from topology import compose, fields, frr, names, units
from topology.errors import TopologyError
from topology.names import LABEL
from topology.plan import ROOT, Topology, load

FILES = sorted((ROOT / "topology").glob("*.yaml"))
SMALL = [path for path in FILES if path.stat().st_size < 1500]
KEYS = [b"role: ", b"count: ", b"chain: ", b"args: ", b"networks: ", b"subnet: ", b"links: ", b"between: ", b"<<: ",
        b"&a ", b"*a", b"!!int ", b"!!python/object:os.system ", b"- ", b"\n  ", b"{", b"}", b"[", b"]", b": ", b"0x",
        b"1:30", b"~", b"\xef\xbb\xbf", b"---\n", b"|\n", b"? ", b".inf", b"program: ../x", b"name: ../x"]  # fmt: skip
SCRATCH = Path(tempfile.gettempdir())


@cache
def data_of(number: int) -> Any:
    """Return the data of one of the repository's files."""
    return yaml.safe_load(SMALL[number % len(SMALL)].read_text(encoding="utf-8"))


def loaded(text: bytes) -> Topology | None:
    """Return the lab of a file, None if it has problems; these are told in lines that begin with the file's name."""
    with tempfile.NamedTemporaryFile(dir=SCRATCH, suffix=".yaml") as file:
        file.write(text)
        file.flush()
        try:
            return load(Path(file.name))
        except TopologyError as error:
            told = str(error).split("\n")
            assert len(told) == len(error.problems) > 0
            for line in told:
                one_line(line)
                assert line.isprintable() and line.startswith(f"{file.name}:")
            return None


def holds(lab: Topology) -> None:
    """Assert what must hold of a lab that may be started."""
    for node in lab.nodes.values():
        assert LABEL.fullmatch(node.name) and all(isinstance(word, str) and "\0" not in word for word in node.command)
        assert all(address in lab.networks[network].subnet for network, address in node.addresses.items())
        assert lab.way(node.name)[0] == node.name
        assert node.program is None or node.program.is_relative_to(ROOT)
    given = [address for node in lab.nodes.values() for address in node.addresses.values()]
    assert len(set(given)) == len(given)
    assert {ip_address(text) for text in lab.name_of} == set(given)
    try:
        assert start_order(lab).is_active()
    except UsageError as error:
        one_line(str(error))
    services = yaml.safe_load(compose.render(lab, ROOT))["services"]
    assert set(services) == set(lab.nodes)
    for name, service in services.items():
        words = [str(word).replace("$$", "$") for word in service["command"]]
        node = lab.nodes[name]
        assert words == [*node.command, *(frr.arguments(lab, node) if node.speaks else ())], words


@target(
    "any bytes are a lab, or problems in lines that name the file and the line",
    longest=1500,
    runs=500,
    seeds=[path.read_bytes() for path in SMALL],
    words=KEYS,
)
def files(data: bytes) -> None:
    lab = loaded(data)
    if lab is not None:
        holds(lab)


@target(
    "files with some values changed are a lab, or problems in lines; what is made of the lab holds",
    runs=300,
    seeds=[bytes([number, 1, 50 + number, 3, 50, number, 50, 1, 255, number]) for number in range(len(SMALL))],
)
def changed_files(data: bytes) -> None:
    pieces = Pieces(data)
    value = varied(data_of(pieces.byte()), pieces)
    lab = loaded(yaml.safe_dump(value, sort_keys=False).encode("utf-8", "surrogatepass"))
    if lab is not None:
        holds(lab)


READERS: tuple[Callable[[Any], Any], ...] = (
    names.label, names.project, units.rate, units.delay, fields.subnet, fields.role, fields.address, fields.memberships,
    fields.arguments, fields.program, fields.routing, fields.sysctls, fields.ends, fields.routes,
)  # fmt: skip
SOUND = ("alice", "socklab", "64kbit", "0.5s", "10.83.0.0/24", "host", "10.83.0.10", {"lab": "10.83.0.10"},
         {"port": 9000, "loop": True}, "runs/mine.py", ["ospf", "bfd"], {"net.ipv4.ip_default_ttl": 32}, ["a", "b"],
         {"h2": "c"})  # fmt: skip


@target(
    "each value of a file is read, or refused with what is wrong and what to do",
    seeds=[bytes([number, 1, 250, number]) for number in range(len(READERS))],
    words=[b"kbit", b"ms", b"../", b"\xd9\xa3", b"\n"],
)
def values(data: bytes) -> None:
    pieces = Pieces(data)
    which = pieces.byte() % len(READERS)
    value = varied(SOUND[which], pieces)
    try:
        read = READERS[which](value)
    except ValueError as error:
        wrong, _, remedy = str(error).partition("; ")
        assert wrong and remedy, str(error)
        return
    if READERS[which] in (names.label, names.project):
        assert read == value and "/" not in read and read.isascii() and read.isprintable()
    elif READERS[which] is units.rate:
        assert 1 <= read <= 10**10
    elif READERS[which] is units.delay:
        assert 0 <= read <= 60
    elif READERS[which] is fields.program:
        assert not read.is_absolute() and ".." not in read.parts
