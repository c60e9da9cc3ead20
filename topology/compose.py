"""The Compose file of a lab: plain enough to read, complete enough for a bare `docker compose up`.

    name, x-node (what all nodes share)
    services: a heading a role, then each node's name, command, labels and address
    networks: one a network, with its subnet

Compose replaces `$` in values, so every `$` of ours is doubled.
"""

import json
import os.path
import re
from itertools import groupby
from pathlib import Path

from topology.plan import ROOT, Network, Node, Topology

_HEAD = """\
# The lab {name}, rendered from {source}: change that file, not this one.

name: {name}

x-node: &node # what all nodes share
  image: socklab-node
  build: {{context: {context}, target: node}}
  init: true # reaps and passes on signals, so that Ctrl-C and `docker stop` end a program at once
  stop_grace_period: 2s # for a program that does not end on SIGTERM
  tty: true # with stdin_open: `docker attach` gives a live prompt
  stdin_open: true
  read_only: true
  cap_drop: [ALL]
  security_opt: ["no-new-privileges:true"]
"""

_PLAIN = re.compile(r"-{0,2}[A-Za-z/][\w./:@%+-]*", re.ASCII)  # looks the same to every YAML reader, but for:
_SAID_TO_BE_SOMETHING_ELSE = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def render(topology: Topology, root: Path) -> str:
    """Return the text of a Compose file that stands in, or is run with, the folder `root`."""
    context = os.path.relpath(ROOT, root)
    source = os.path.relpath(topology.source.resolve(), root)
    lines = [_HEAD.format(name=_word(topology.name), source=source, context=_word(context)), "services:"]
    for sentence, nodes in groupby(topology.nodes.values(), lambda node: node.role.sentence):
        alike = list(nodes)
        lines += _heading(alike, sentence)
        lines += [line for node in alike for line in _service(topology, node, root)]
    lines += ["", "networks:"]
    for network in topology.networks.values():
        lines += _network(topology, network)
    return "\n".join(lines) + "\n"


def _heading(nodes: list[Node], sentence: str) -> list[str]:
    names = nodes[0].name
    if len(nodes) > 1:
        names = f"each of {names} {'and' if len(nodes) == 2 else 'to'} {nodes[-1].name}"
    return ["", f"  # {names} {sentence}."]


def _service(topology: Topology, node: Node, root: Path) -> list[str]:
    labels = {"lab": topology.name, "node": node.name, "role": node.role.name}
    networks = {name: f"{{ipv4_address: {address}}}" for name, address in node.addresses.items()}
    lines = [
        f"  {_word(node.name)}:",
        "    <<: *node",
        f"    hostname: {_word(node.name)}",
        f"    command: [{', '.join(map(_word, node.command))}]",
        f"    labels: {{{', '.join(f'socklab.{key}: {_word(value)}' for key, value in labels.items())}}}",
        f"    networks: {{{', '.join(f'{_word(name)}: {place}' for name, place in networks.items())}}}",
    ]
    if node.after:
        lines.append(f"    depends_on: [{', '.join(map(_word, node.after))}]")
    if node.restart:
        lines.append("    restart: on-failure # it gives up where nobody answers yet")
    if node.program is not None:
        path = Path(os.path.relpath(node.program, root)).as_posix()
        mounted = path if path.startswith("../") else f"./{path}"  # a bare name would be a volume
        lines.append(f"    volumes: [{_word(f'{mounted}:/program/{node.program.name}:ro')}]")
    return lines


def _network(topology: Topology, network: Network) -> list[str]:
    size = sum(network.name in node.addresses for node in topology.nodes.values())
    return [
        f"  {_word(network.name)}: # {size} node{'s' * (size != 1)} on one bridge",
        "    driver: bridge",
        f"    labels: {{socklab.lab: {_word(topology.name)}}}",
        f"    ipam: {{config: [{{subnet: {network.subnet}, gateway: {network.gateway}}}]}}",
    ]


def _word(text: str) -> str:
    """Return a text as YAML: plain where every reader takes it for that text, quoted elsewhere."""
    text = text.replace("$", "$$")
    if _PLAIN.fullmatch(text) and not text.endswith(":") and text.lower() not in _SAID_TO_BE_SOMETHING_ELSE:
        return text
    return json.dumps(text, ensure_ascii=False)
