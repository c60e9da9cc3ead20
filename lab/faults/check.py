"""Whether a wish can be: told in one line, with what could be wished for instead, before anything is done."""

from collections.abc import Mapping

from lab.engine import NodeState
from lab.errors import UsageError
from lab.faults.amounts import bits_per_second, microseconds, per_10000
from lab.faults.model import EXAMPLES, OF_PROGRAMS, FaultKind, Way, Wish
from topology.errors import did_you_mean
from topology.plan import Topology

READ = {FaultKind.DELAY: microseconds, FaultKind.RATE: bits_per_second}


def check(wish: Wish, topology: Topology, states: Mapping[str, NodeState]) -> None:
    """Return if a wish can be done to a lab whose nodes are so. UsageError says why it cannot."""
    _check_node(topology, "NODE", wish.node)
    if wish.kind in OF_PROGRAMS:
        _check_none(wish, peer=wish.peer, amount=wish.amount, network=wish.network)
        if wish.way is not Way.BOTH:
            raise UsageError(f"KIND={wish.kind} is for the program, so leave out WAY={wish.way}")
    else:
        _check_packets(wish, topology)
    _check_states(wish, states)


def _check_packets(wish: Wish, topology: Topology) -> None:
    if wish.peer is not None:
        _check_node(topology, "PEER", wish.peer)
        if wish.peer == wish.node:
            raise UsageError(f"PEER={wish.peer} is NODE itself; name another node")
    _check_amount(wish)
    if wish.network is not None:
        if not wish.takes_off:
            raise UsageError(f"NETWORK={wish.network} goes with KIND=cut and neither PEER nor WAY; leave it out")
        on = list(topology.nodes[wish.node].addresses)
        if wish.network not in on:
            raise UsageError(f"{wish.node} is not on a network {wish.network!r}; {did_you_mean(wish.network, on)}")


def _check_node(topology: Topology, what: str, name: str) -> None:
    try:
        if not name:
            raise LookupError(f"which node? Give {what}=, one of {', '.join(topology.nodes)}")
        topology.find(name)
    except LookupError as error:
        raise UsageError(str(error)) from None


def _check_none(wish: Wish, **given: str | None) -> None:
    for name, value in given.items():
        if value is not None:
            raise UsageError(f"KIND={wish.kind} takes no {name.upper()}; leave out {name.upper()}={value}")


def _check_amount(wish: Wish) -> None:
    if wish.kind is FaultKind.CUT:
        _check_none(wish, amount=wish.amount)
        return
    example = f"AMOUNT={EXAMPLES[wish.kind]}"
    if wish.amount is None:
        raise UsageError(f"how much? KIND={wish.kind} needs an AMOUNT, such as {example}")
    try:
        READ.get(wish.kind, per_10000)(wish.amount)
    except ValueError as error:
        raise UsageError(f"AMOUNT={wish.amount} is none for {wish.kind}: give {error}, as {example}") from None


def _check_states(wish: Wish, states: Mapping[str, NodeState]) -> None:
    """Refuse what a node cannot be in its state."""
    for name in filter(None, (wish.node, wish.peer)):
        state = states.get(name, NodeState.MISSING)
        running = state in (NodeState.RUNNING, NodeState.PAUSED)
        if not running and not (wish.kind is FaultKind.RESTART and state is NodeState.EXITED):
            raise UsageError(f"{name} does not run (it is {state}); `make heal` starts it again")
    paused = states[wish.node] is NodeState.PAUSED
    if wish.kind is FaultKind.PAUSE and paused:
        raise UsageError(f"{wish.node} is paused already; KIND=resume lets it go on")
    if wish.kind is FaultKind.RESUME and not paused:
        raise UsageError(f"{wish.node} is not paused, so it cannot be resumed; KIND=pause pauses it")
