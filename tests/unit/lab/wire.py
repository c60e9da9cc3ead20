"""What real wires bore, by packet number: lines that tshark wrote, read as the lab reads them.

wire.ek           one network with two containers
fragments.ek      a loopback with an MTU of 1280 bytes; one fragment was taken out, another came first
routed/*.ek       three networks, two FRR routers between them, dual stack; and frames that were made by hand

w1 ──west── r1 ──backbone── r2 ──east── e1
"""

from pathlib import Path

from lab.dissect import parse
from lab.events import Packet, Started
from lab.history import History

HERE = Path(__file__).parent
LINES = (HERE / "wire.ek").read_bytes().splitlines()
WIRE = {packet.number: packet for line in LINES if (packet := parse(line, "lab"))}


def _read(name: str) -> dict[int, Packet]:
    file = HERE / f"{name}.ek"
    return {packet.number: packet for line in file.read_bytes().splitlines() if (packet := parse(line, file.stem))}


FRAGMENTS = _read("fragments")
WEST, BACKBONE, EAST, CRAFTED = (_read(f"routed/{name}") for name in ("west", "backbone", "east", "crafted"))

W1, W1_SIX = "10.95.1.21", "fd00:a5f:100:0:42:aff:fe5f:115"
E1, E1_SIX = "10.95.3.21", "fd00:a5f:300:0:42:aff:fe5f:315"
R1_WEST, R1, R2 = "10.95.1.11", "10.95.2.11", "10.95.2.12"
NODES = (
    Started(time=0, node="w1", role="host", addresses={"west": W1}, others={W1_SIX: "west"}),
    Started(
        time=0, node="r1", role="router", addresses={"west": R1_WEST, "backbone": R1},
        others={"10.95.1.1": "west", "fd00:a5f:100::11": "west", "fd00:a5f:200::11": "backbone"},
    ),
    Started(
        time=0, node="r2", role="router", addresses={"backbone": R2, "east": "10.95.3.11"},
        others={"10.95.3.1": "east", "fd00:a5f:200::12": "backbone", "fd00:a5f:300::11": "east"},
    ),
    Started(time=0, node="e1", role="host", addresses={"east": E1}, others={E1_SIX: "east"}),
)  # fmt: skip


def routed() -> History:
    """Return what the three taps saw."""
    return History([*NODES, *WEST.values(), *BACKBONE.values(), *EAST.values()])
