"""Programs that are not ours take part: netcat as a client, socat as a member of the group."""

import os
from pathlib import Path

from lab.docker import DockerEngine
from lab.lab import Lab
from scenarios.run import free_base
from topology.plan import load

FILE = """
name: strangers
base: 10.83.0.0/16
networks:
  lab: {subnet: 10.83.0.0/24}
nodes:
  server:   {role: broadcast-server, args: {publish: "224.1.1.1:11000"}}
  alice:    {role: broadcast-client, upstream: server}
  stranger: {role: host}
"""


def test_netcat_and_socat_take_part(tmp_path: Path) -> None:
    name = f"socklab-strangers-{os.getpid()}"
    file = tmp_path / "strangers.yaml"
    file.write_text(FILE)
    with free_base() as base:
        lab = Lab(load(file, name=name, base=base), DockerEngine(name), tmp_path)
        lab.create()
    with lab:
        lab.start("server")
        lab.start("alice", "stranger")
        lab.node("alice").wait_for("you are 1")
        member = lab.node("stranger").open(
            ["socat", "-u", "UDP4-RECV:11000,ip-add-membership=224.1.1.1:0.0.0.0,reuseaddr", "-"]
        )
        lab.wait_packet("the stranger's membership report", lambda p: p.protocol == "igmp", sender="stranger")
        client = lab.node("stranger").open(["nc", "server", "9000"])
        client.wait_for("you are 2")
        client.type("hello from netcat\n")
        lab.node("alice").wait_for("[2] hello from netcat")
        member.wait_for("[2] hello from netcat")
        lab.node("alice").type("hello from alice")
        client.wait_for("[1] hello from alice")
        member.wait_for("[1] hello from alice")
        client.type("exit\n")
        lab.node("alice").wait_for("2 left")
