"""How a drawing looks: the colours of roles, and the style sheet that knows light and dark."""

from topology.roles import Protocol, Role

# kind: fill, edge, text; in light, then in dark
COLOURS = {
    "server": ("#dbeafe", "#2563eb", "#1e3a8a", "#172a4d", "#60a5fa", "#dbeafe"),
    "client": ("#dcfce7", "#16a34a", "#14532d", "#12301e", "#4ade80", "#dcfce7"),
    "forwarder": ("#ffedd5", "#ea580c", "#7c2d12", "#3a2112", "#fb923c", "#ffedd5"),
    "peer": ("#ede9fe", "#7c3aed", "#4c1d95", "#2a1f4a", "#a78bfa", "#ede9fe"),
    "multicast": ("#fce7f3", "#db2777", "#831843", "#3d1529", "#f472b6", "#fce7f3"),
    "host": ("#f1f5f9", "#64748b", "#334155", "#27303c", "#94a3b8", "#e2e8f0"),
}

_SHAPES = """\
text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; text-anchor: middle; }
.name { font-size: 14px; font-weight: 600; }
.role { font-size: 11px; opacity: .8; }
.address { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 11.5px; }
.bus-name { font-size: 12px; font-weight: 600; text-anchor: start; }
.legend { font-size: 11.5px; text-anchor: start; }
.box { stroke-width: 1.25; }
.more { stroke-dasharray: 4 3; }
.arrow { fill: none; stroke-width: 1.5; }
.udp { stroke-dasharray: 6 4; }
.group { stroke-dasharray: 0 4.5; stroke-width: 2.2; stroke-linecap: round; }
.stub { stroke-width: 2; }
"""
_ROUTED = """\
.six { font-size: 9.5px; }
.side { stroke: #ea580c; stroke-width: 1; opacity: .45; }
.middle { text-anchor: middle; }
.dim { opacity: .85; font-weight: 400; }
"""
_LINKED = """\
.link { fill: none; stroke-width: 1.75; }
.label { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 11px; }
"""

# (paper, legend, bus, text on the bus, stubs) in light and in dark
_LIGHT = ("#ffffff", "#475569", "#334155", "#ffffff", "#94a3b8")
_DARK = ("#0d1117", "#9aa7b8", "#aebccd", "#0d1117", "#5b6b7f")


def sheet(*, routed: bool = False, linked: bool = False) -> str:
    """Return the style sheet, also for what only routed networks have, and what only links have.

    Plain rules, no variables: not every SVG reader knows those.
    """
    light, dark = _ground(*_LIGHT), _ground(*_DARK)
    for name, shades in COLOURS.items():
        light += _colours(name, *shades[:3])
        dark += _colours(name, *shades[3:])
    if linked:
        light += _links(*_LIGHT[1:])
        dark += _links(*_DARK[1:])
    shapes = f"{_SHAPES}{_ROUTED if routed else ''}{_LINKED if linked else ''}"
    return f"{shapes}{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def kind(role: Role) -> str:
    """Return which colours a role has."""
    if role.forwards or role.has_anycast:
        return "forwarder" if role.forwards else "server"
    if role.most_links:
        return "forwarder" if role.has_routes else "client"
    if role.joins_group or role.sends_group:
        return "multicast"
    if role.needs_peer:
        return "peer"
    if role.protocol is Protocol.TCP:
        return "forwarder" if role.needs_upstream else "server"
    return "client" if role.needs_upstream else "host"


def _ground(paper: str, legend: str, bus: str, on_bus: str, stub: str) -> str:
    return (
        f".paper {{ fill: {paper}; }} .legend {{ fill: {legend}; }} .bus {{ fill: {bus}; }}"
        f" .bus-name {{ fill: {on_bus}; }} .stub {{ stroke: {stub}; }}\n"
    )


def _links(text: str, _bus: str, _on_bus: str, line: str) -> str:
    return f".link {{ stroke: {line}; }} .label {{ fill: {text}; }}\n"


def _colours(name: str, fill: str, edge: str, text: str) -> str:
    return (
        f".{name} .box {{ fill: {fill}; stroke: {edge}; }} .{name} text {{ fill: {text}; }}"
        f" .arrow.{name} {{ stroke: {edge}; }} .head.{name} {{ fill: {edge}; }}\n"
    )
