"""Programs that are not ours take part: netcat as a client, socat as a member of the group.

In the lab of architecture.yaml, where the server publishes what is said. They run in a container of a client.
"""

import re

from lab.lab import Lab
from scenarios.scenario import Scenario

STRANGER = "carol"
MEMBER = ["socat", "-u", "UDP4-RECV:11000,ip-add-membership=224.1.1.1:0.0.0.0,reuseaddr", "-"]


def netcat_and_socat_take_part(lab: Lab) -> None:
    lab.complete()
    with lab.step("socat joins the group, and netcat the server"):
        member = lab.node(STRANGER).open(MEMBER)
        lab.wait_packet("a membership report", lambda p: p.protocol == "igmp", sender=STRANGER)
        client = lab.node(STRANGER).open(["nc", "server", "9000"])
        number = client.wait_for(re.compile(r"you are (\d+)"))
    with lab.step("netcat speaks; alice and socat hear it"):
        client.type("hello from netcat\n")
        lab.node("alice").wait_for(f"[{number}] hello from netcat")
        member.wait_for(f"[{number}] hello from netcat")
    with lab.step("alice speaks; netcat and socat hear her"):
        lab.node("alice").type("hello from alice")
        client.wait_for(re.compile(r"\[\d+\] hello from alice"))
        member.wait_for(re.compile(r"\[\d+\] hello from alice"))
    with lab.step("netcat leaves; alice is told"):
        client.type("exit\n")
        lab.node("alice").wait_for(f"{number} left")
        lab.node(STRANGER).run(["pkill", "--exact", "socat"])
        member.wait_for_end()


GUESTS = (
    Scenario("strangers", "Netcat and socat take part.", "architecture", netcat_and_socat_take_part, (), shares=True),
)
