"""What the packet switches of a lab say of themselves: routes, circuits, lines with their counters.

Each is asked by `python3 -m services.switch_tables` inside it, several at a time.
"""

from concurrent.futures import ThreadPoolExecutor

from lab.console import existing
from lab.engine import STARTS_AT_ONCE, Engine, NodeState
from lab.errors import LabError, UsageError
from lab.visible import visible
from topology.plan import Topology

SWITCH = "packet-switch"
COMMAND = ["python3", "-m", "services.switch_tables"]


def show(engine: Engine, topology: Topology, node: str | None) -> str:
    """Return the tables of one switch, or of all in the order of the topology. LabError if there is none to ask."""
    switches = [name for name, spec in topology.nodes.items() if spec.role.name == SWITCH]
    if not switches:
        raise UsageError(
            f"{topology.name} has no packet switch; `make up TOPOLOGY=datagram` starts a lab that has some"
        )
    if node is not None:
        if existing(engine, node) not in switches:
            raise UsageError(f"{node} is no packet switch; give NODE=, one of {', '.join(switches)}")
        switches = [node]
    states = engine.states()
    if not states:
        raise LabError(f"{topology.name} is not up; start it with `make up`")
    running = [name for name in switches if states.get(name) is NodeState.RUNNING]
    if not running:
        raise LabError(_not_running(", ".join(switches), len(switches)))
    with ThreadPoolExecutor(STARTS_AT_ONCE) as pool:
        told = dict(zip(running, pool.map(lambda name: _asked(engine, name), running), strict=True))
    return "\n\n".join(told.get(name, _not_running(name)) for name in switches)


def _not_running(names: str, count: int = 1) -> str:
    return (
        f"{names} {'is' if count == 1 else 'are'} not running; `make up` starts {'it' if count == 1 else 'them'} again"
    )


def _asked(engine: Engine, switch: str) -> str:
    """Return what a switch answers; if it does not, what is wrong."""
    done = engine.run(switch, COMMAND)
    lines = [visible(line) for line in done.output.decode("utf-8", "replace").splitlines()]
    return "\n".join(lines) if done.status == 0 else f"{switch}: {' '.join(lines[-1:]) or 'no answer'}"
