"""The Compose file of a lab: plain enough to read, complete enough for a bare `docker compose up`.

    name, x-node (what all nodes share)
    services: a heading a role, then each node's name, command, labels and address
    networks: one a network, with its subnet

A node that speaks with routers is a container with FRR and the capabilities that it needs; its command has the whole
configuration in it.

The bridge of a network has no address unless the file asks for one: then no way leads out of the network, into it, or
to the host, and the gateway address is free for a router. Compose's own `internal` would do less and more: it leaves
the host within reach, and where the kernel shows bridged packets to iptables, which Docker sees to, it drops all that
is for a multicast group, for 255.255.255.255, or on its way to a router.

Compose replaces `$` in values, so every `$` of ours is doubled.
"""

import json
import os.path
import re
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from topology import frr
from topology.plan import ROOT, Network, Node, Topology
from topology.routing import mac

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
  user: lab
  read_only: true
  cap_drop: [ALL]
  security_opt: ["no-new-privileges:true"]
  pids_limit: 2048 # processes and threads
  mem_limit: 512m
  memswap_limit: 512m # of which no part is swap
  ulimits: {{nofile: 4096}}
  logging: {{driver: json-file, options: {{max-size: 4m, max-file: "2"}}}}
  dns: [127.0.0.1] # names of nodes are known, others asked of nobody
  dns_opt: ["ndots:1"] # what has no dot is the name of a node, or unknown at once
  sysctls: {{net.ipv4.tcp_retries2: "6"}} # who vanished is given up in half a minute, not in a quarter of an hour
"""

GIVE_UP = {"net.ipv4.tcp_retries2": "6"}
"""As above: how often TCP sends again what nobody acknowledges; six times, twice as long apart each time, are 25 s.

So a connection whose other end is gone without a word ends about as soon when something is under way on it as when
nothing is, which keep-alive sees to. Who acknowledges, and only takes nothing in, is never given up.
"""

_ROUTER = """
x-router: &router # a node that FRR runs on
  <<: *node
  image: socklab-router
  build: {{context: {context}, target: router}}
  user: root
  cap_add: [NET_ADMIN, NET_RAW] # to set routes, and to speak OSPF and PIM
  tmpfs: ["/etc/frr:size=1m", "/run/frr:size=8m", "/tmp:size=8m", "/var/lib/frr:size=8m", "/var/tmp/frr:size=8m"]
"""

_ALONE = (
    "    driver_opts: # its bridge has no address: no way leads out, or in",
    '      com.docker.network.bridge.inhibit_ipv4: "true"',
    '      com.docker.network.bridge.enable_ip_masquerade: "false"',
)

_PLAIN = re.compile(r"-{0,2}[A-Za-z/][\w./:@%+-]*", re.ASCII)  # looks the same to every YAML reader, but for:
_SAID_TO_BE_SOMETHING_ELSE = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def render(topology: Topology, root: Path) -> str:
    """Return the text of a Compose file that stands in, or is run with, the folder `root`."""
    context = os.path.relpath(ROOT, root)
    source = os.path.relpath(topology.source.resolve(), root)
    lines = [_HEAD.format(name=_word(topology.name), source=source, context=_word(context))]
    if any(node.speaks for node in topology.nodes.values()):
        lines[0] += _ROUTER.format(context=_word(context))
    lines.append("services:")
    for sentence, nodes in groupby(topology.nodes.values(), lambda node: node.role.sentence):
        alike = list(nodes)
        lines += _heading(alike, sentence)
        lines += [line for node in alike for line in _service(topology, node, root)]
    lines += ["", "networks:"]
    for network in topology.networks.values():
        lines += _network(topology, network)
    return "\n".join(lines) + "\n"


def parse(text: str) -> dict[str, Any]:
    """Return the values of what `render` returned, as compose reads them."""
    found = _undoubled(yaml.safe_load(text))
    return found if isinstance(found, dict) else {}


def _undoubled(value: object) -> object:
    """Take back the doubling of `$`."""
    match value:
        case str():
            return value.replace("$$", "$")
        case list():
            return [_undoubled(each) for each in value]
        case dict():
            return {key: _undoubled(each) for key, each in value.items()}
    return value


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
        f"    <<: *{'router' if node.speaks else 'node'}",
        f"    hostname: {_word(node.name)}",
        *_command((*node.command, *frr.arguments(topology, node)) if node.speaks else node.command),
        f"    labels: {{{', '.join(f'socklab.{key}: {_word(value)}' for key, value in labels.items())}}}",
        f"    networks: {{{', '.join(f'{_word(name)}: {place}' for name, place in networks.items())}}}",
    ]
    if any(not topology.networks[name].internal for name in node.addresses):
        lines.append("    dns: [] # but this node asks whom the host asks")
    if node.publish is not None:
        lines.append(f'    ports: ["127.0.0.1:{node.publish}:{node.port}/{node.role.protocol}"]')
    if sysctls := _sysctls(topology, node):
        lines.append(f"    sysctls: {{{', '.join(f'{name}: {_word(value)}' for name, value in sysctls.items())}}}")
    if node.addresses6 and len(node.addresses) == 1:
        lines.append(f"    mac_address: {mac(*node.addresses.values())} # its IPv6 address is made of it")
    if node.after:
        lines.append(f"    depends_on: [{', '.join(map(_word, node.after))}]")
    if node.restart:
        lines.append("    restart: on-failure # it gives up where nobody answers yet")
    if node.program is not None:
        path = Path(os.path.relpath(node.program, root)).as_posix()
        mounted = path if path.startswith("../") else f"./{path}"  # a bare name would be a volume
        lines.append(f"    volumes: [{_word(f'{mounted}:/program/{node.program.name}:ro')}]")
    return lines


def _command(words: tuple[str, ...]) -> list[str]:
    """Return a command on one line or, where a word has several, one word a line and that one as it is."""
    if not any("\n" in word for word in words):
        return [f"    command: [{', '.join(map(_word, words))}]"]
    lines = ["    command:"]
    for word in words:
        if "\n" in word:
            text = word.replace("$", "$$").removesuffix("\n").split("\n")
            lines += ["      - |", *(f"        {line}" for line in text)]
        else:
            lines.append(f"      - {_word(word)}")
    return lines


def _sysctls(topology: Topology, node: Node) -> dict[str, str]:
    """Return the kernel settings of a node: those that it needs, and its own."""
    settings = {}
    if node.addresses6:
        settings["net.ipv6.conf.all.disable_ipv6"] = "0"  # the engine turns it off where it gives no address itself
    if node.role.forwards:
        settings["net.ipv4.ip_forward"] = "1"
        if node.addresses6:
            settings["net.ipv6.conf.all.forwarding"] = "1"
    own = settings | node.sysctls
    return GIVE_UP | own if own else {}  # else those that all nodes share


def _network(topology: Topology, network: Network) -> list[str]:
    size = sum(network.name in node.addresses for node in topology.nodes.values())
    return [
        f"  {_word(network.name)}: # {size} node{'s' * (size != 1)} on one bridge",
        "    driver: bridge",
        *(_ALONE if network.internal else ()),
        f"    labels: {{socklab.lab: {_word(topology.name)}}}",
        f"    ipam: {{config: [{{subnet: {network.subnet}, gateway: {network.gateway}}}]}}",
    ]


def _word(text: str) -> str:
    """Return a text as YAML: plain where every reader takes it for that text, quoted elsewhere."""
    text = text.replace("$", "$$")
    if _PLAIN.fullmatch(text) and not text.endswith(":") and text.lower() not in _SAID_TO_BE_SOMETHING_ELSE:
        return text
    return json.dumps(text, ensure_ascii=False)
