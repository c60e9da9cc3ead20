"""The map of a lab for a terminal: who is on which network, in what state, and who reaches whom.

     socklab: lab 10.83.0.0/24
node     role              address     state    reaches
server   broadcast-server  10.83.0.2   running  ⇒ 224.1.1.1:11000
alice    broadcast-client  10.83.0.3   running  → server:9000

A network with IPv6 has a column for that, too. A node on several networks is in the table of each.
"""

from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from topology.captions import caption, host6, sharers
from topology.groups import grouped
from topology.plan import Network, Node, Topology

_STYLES = {"running": "green", "paused": "yellow", "restarting": "yellow", "exited": "red", "dead": "red"}
_ABSENT = "-"
_MOST_SHARERS = 2  # names on one line
_LONGEST_WAY = 8  # names on one line; the middle of a longer chain says nothing new


def map_text(topology: Topology, states: Mapping[str, str]) -> RenderableType:
    """Return a table a network and the ways through the forwarders; `states` are by node name."""
    tables = [_table(topology, network, states) for network in topology.networks.values()]
    return Group(*tables, *(Text(way) for way in ways(topology)))


def ways(topology: Topology) -> list[str]:
    """Return the way of each node that is more than one hop from its server, and that nobody dials."""
    dialed = {node.upstream for node in topology.nodes.values()}
    lines = []
    for name in topology.nodes:
        way = topology.way(name)
        if len(way) > 2 and name not in dialed:
            if len(way) > _LONGEST_WAY:
                hidden = len(way) - 5
                way = [*way[:3], f"({hidden} more)", *way[-2:]]
            lines.append(" → ".join(way))
    return lines


def _table(topology: Topology, network: Network, states: Mapping[str, str]) -> Table:
    name, *more = caption(network)
    table = Table(title=f"{topology.name}: {name} {', '.join(more)}")
    for column in ("node", "role", "address", "state", "reaches"):
        table.add_column(column, no_wrap=column in ("node", "address", "state"))
    for group in grouped(topology):
        for node in group:
            if network.name in node.addresses:
                state = states.get(node.name, _ABSENT)
                table.add_row(
                    Text(node.name, style="bold"),
                    node.role.name,
                    "\n".join(_addresses(node, network)),
                    Text(state, style=_STYLES.get(state.split()[0] if state else "", "dim")),
                    Text(reaches(topology, node)),
                )
        table.add_section()
    return table


def _addresses(node: Node, network: Network) -> list[str]:
    six = [host6(node, network.name)] if network.name in node.addresses6 else []
    return [str(node.addresses[network.name]), *six]


def reaches(topology: Topology, node: Node) -> str:
    """Return what a node dials, talks with, sends to or has joined, each with an arrow of its own.

    A packet switch has its neighbours here, each with the UDP port of the link. An anycast server is reached: it has
    the address that it answers at, and who else does.
    """
    arrows = {"→": _place(topology, node.upstream), "⇄": _place(topology, node.peer)}
    arrows |= {"⇒": node.sends_to, "⇐": node.joins}
    arrows |= {"↔": ", ".join(f"{line.neighbour}:{line.port}" for line in node.lines)}
    lines = [f"{arrow} {place}" for arrow, place in arrows.items() if place]
    if node.anycast is not None:
        others = sharers(topology, node)
        lines.append(f"answers at {node.anycast}")
        if others:
            lines.append(f"as {_some(others)} {'does' if len(others) == 1 else 'do'}")
    return "\n".join(lines)


def _some(names: list[str]) -> str:
    shown = (
        names
        if len(names) <= _MOST_SHARERS
        else [*names[: _MOST_SHARERS - 1], f"{len(names) - _MOST_SHARERS + 1} more"]
    )
    return " and ".join(shown)


def _place(topology: Topology, name: str | None) -> str | None:
    return f"{name}:{topology.nodes[name].port}" if name else None
