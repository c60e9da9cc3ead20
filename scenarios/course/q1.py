"""Question 1: the broadcast server, with five clients and a sixth."""

import re

from lab.lab import Lab
from scenarios.course.checks import broadcast
from scenarios.scenario import Scenario

FIVE = ("alice", "bob", "carol", "dave", "erin")
OWN_ID = re.compile(r"you are \d+")
"""What the server tells a client on joining; a connection alone may still be one that it is about to refuse."""
FORGERIES = {"text": b"", "return": b"\r", "escape": b"\x1b[2K\x1b[G", "C1": b"\xc2\x9b2K\xc2\x9bG"}
"""What goes before the forged line: nothing; what takes a terminal's cursor back to the line's start, and wipes it."""


def join(lab: Lab) -> None:
    """Start the server, and five clients that get in."""
    with lab.step("Start the server, and five clients"):
        lab.start("server")
        lab.start(*FIVE)
        for client in FIVE:
            lab.node(client).wait_for(OWN_ID)


def everybody_talks(lab: Lab) -> None:
    """Five talk; two of them say the same at the same time."""
    join(lab)
    for speaker in FIVE:
        with lab.step(f"{speaker} says two things; the four others hear them"):
            for word in ("first", "second"):
                lab.node(speaker).type(f"{word} words of {speaker}")
            for listener in FIVE:
                if listener != speaker:
                    lab.node(listener).wait_for(f"second words of {speaker}")
    with lab.step("alice and bob say the same at the same time; carol hears it twice"):
        lab.node("alice").type("me too")
        lab.node("bob").type("me too")
        for listener in ("carol", "dave", "erin"):
            lab.node(listener).wait_for("me too", count=2)
        for listener in ("alice", "bob"):  # on whose terminals the echo of their own typing stands, too
            lab.wait_packet(f"the words at {listener}", lambda p: b"me too" in p.payload, receiver=listener)


def a_sixth_comes(lab: Lab) -> None:
    """Frank is told that the server is full, and gets in when dave leaves."""
    join(lab)
    with lab.step("frank comes as the sixth, and is told that the server is full"):
        lab.launch("frank")
        lab.node("frank").wait_for("full")
    with lab.step("dave leaves, and frank gets in"):
        lab.node("dave").type("exit")
        lab.node("dave").wait_exit()
        lab.node("frank").wait_for(OWN_ID)
    with lab.step("frank speaks and is heard; alice answers, and all hear her"):
        lab.node("frank").type("made it")
        for listener in ("alice", "bob", "carol", "erin"):
            lab.node(listener).wait_for("made it")
        lab.node("alice").type("welcome")
        for listener in ("bob", "carol", "erin", "frank"):
            lab.node(listener).wait_for("welcome")


def some_leave(lab: Lab) -> None:
    """One leaves with `exit`, one is killed; the others go on undisturbed."""
    join(lab)
    with lab.step("all greet"):
        for speaker in FIVE:
            lab.node(speaker).type(f"greetings of {speaker}")
        for listener in FIVE:
            for speaker in set(FIVE) - {listener}:
                lab.node(listener).wait_for(f"greetings of {speaker}")
    with lab.step("dave leaves; the others are told"):
        lab.node("dave").type("exit")
        lab.node("dave").wait_exit()
        for listener in ("alice", "bob", "carol", "erin"):
            lab.node(listener).wait_for("left")
    with lab.step("erin is killed; the others are told"):
        lab.node("erin").kill()
        lab.node("erin").wait_exit()
        for listener in ("alice", "bob", "carol"):
            lab.node(listener).wait_for("left", count=2)
    with lab.step("alice speaks; bob and carol hear her as before"):
        lab.node("alice").type("still here")
        lab.node("bob").wait_for("still here")
        lab.node("carol").wait_for("still here")


def mallory_forges(lab: Lab) -> None:
    """A raw connection sends another's tag as text, behind a carriage return, and behind escape sequences."""
    with lab.step("Start the server, alice, bob, and mallory's host"):
        lab.start()
        for client in ("alice", "bob"):
            lab.node(client).wait_for(OWN_ID)
    with lab.step("alice speaks, so that mallory can learn how she is named"):
        lab.node("alice").type("I am alice")
        said = lab.wait_packet("alice's words at bob", lambda p: b"I am alice" in p.payload, receiver="bob").payload
        tagged = next(line for line in said.split(b"\n") if b"I am alice" in line)
    with lab.step("mallory joins by hand and sends four forgeries"):
        raw = lab.node("mallory").open(["nc", "server", "9000"])
        for way, before in FORGERIES.items():
            raw.type(before + tagged.replace(b"I am alice", f"forged by {way}".encode()) + b"\n")
        for way in FORGERIES:
            lab.node("bob").wait_for(f"forged by {way}")
    with lab.step("alice speaks again, and bob hears her"):
        lab.node("alice").type("it was not me")
        lab.node("bob").wait_for("it was not me")
        raw.type(b"exit\n")
        raw.end_input()
        raw.wait_for_end()


SCENARIOS = (
    Scenario(
        "q1",
        "Five clients talk through one server: everyone hears everyone, once, and can tell who spoke.",
        "broadcast",
        everybody_talks,
        (
            broadcast.everyone_hears_every_message_once,
            broadcast.everyone_can_tell_who_spoke,
            broadcast.the_same_words_are_told_apart,
        ),
    ),
    Scenario(
        "q1-full",
        "A sixth client is refused in words and on the wire, and let in when one leaves.",
        "broadcast",
        a_sixth_comes,
        (
            broadcast.the_sixth_is_refused,
            broadcast.a_freed_place_is_taken,
            broadcast.everyone_hears_every_message_once,
        ),
    ),
    Scenario(
        "q1-leave",
        "One who leaves, or is killed, disturbs nobody and is announced.",
        "broadcast",
        some_leave,
        (
            broadcast.leaving_is_announced,
            broadcast.a_killed_client_said_no_goodbye,
            broadcast.everyone_hears_every_message_once,
        ),
    ),
    Scenario(
        "q1-forge",
        "A client that forges another's tag, with text or control bytes, is not believed.",
        "forgery",
        mallory_forges,
        (broadcast.no_line_is_forged,),
    ),
)
