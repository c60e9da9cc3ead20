"""Anycast: two servers have one address; each client reaches the nearer one, and the other when that one is gone."""

import contextlib

from lab.lab import Lab
from lab.terminal import Terminal
from lab.waiting import eventually
from scenarios.casts.checks import anycast
from scenarios.casts.shared import TOPOLOGY, bring_up, program
from scenarios.scenario import Scenario

ASK_EVERY = 0.1
"""Seconds between two questions of a client that waits for another server: as often as a fail-over is to be seen."""


def the_nearest_answers(lab: Lab) -> None:
    """Clients ask on both sides; the near server of one is killed, and returns."""
    bring_up(lab)
    place = f"{lab.node('anycast1').spec.anycast}:{lab.node('anycast1').spec.port}"
    with contextlib.ExitStack() as programs:
        with lab.step("w1 in the west and e1 in the east ask at the same address; the near server answers each"):
            w1 = programs.enter_context(program(lab, "w1", "datagram_sender", "--to", place))
            e1 = programs.enter_context(program(lab, "e1", "datagram_sender", "--to", place))
            w1.type("who, of the west?\n")
            w1.wait_for("anycast1: who, of the west?")
            e1.type("who, of the east?\n")
            e1.wait_for("anycast2: who, of the east?")
        with lab.step("w2 opens a TCP connection to the address, and is answered by the near server, too"):
            w2 = lab.node("w2").open(["nc", *place.split(":")])
            w2.type("over TCP\n")
            w2.wait_for("anycast1: over TCP")
        with lab.step("anycast1 is killed; w1 goes on asking, until anycast2 answers"):
            lab.node("anycast1").kill()
            ask_until(w1, "anycast2")
        with lab.step("w2 types on in its connection, which ends: anycast2 knows nothing of it"):
            w2.type("still there?\n")
            w2.wait_for_end()
        with lab.step("anycast1 returns; w1 goes on asking, until anycast1 answers again"):
            lab.start("anycast1")
            ask_until(w1, "anycast1")
        with lab.step("e1 asks once more: nothing has changed for the east"):
            e1.type("who now, of the east?\n")
            e1.wait_for("anycast2: who now, of the east?")


def ask_until(client: Terminal, server: str) -> None:
    """Ask again and again until a server answers that has not answered one of these questions before."""
    asked: list[str] = []

    def look() -> bool:
        if any(f"{server}: {question}" in client.transcript for question in asked):
            return True
        asked.append(f"until {server}, {len(asked) + 1}?")
        client.type(f"{asked[-1]}\n")
        return False

    eventually(look, f"an answer of {server}", otherwise=lambda: repr(client.transcript[-200:]), every=ASK_EVERY)


SCENARIOS = (
    Scenario(
        "anycast",
        "Of two servers with one address each client reaches the nearer; when that is gone, the other in two seconds.",
        TOPOLOGY,
        the_nearest_answers,
        (
            anycast.everybody_asks_one_address,
            anycast.the_near_server_answers,
            anycast.the_other_takes_over_within_two_seconds,
            anycast.the_near_server_answers_again,
            anycast.an_open_tcp_connection_breaks,
        ),
        shares=True,
    ),
)  # fmt: skip
