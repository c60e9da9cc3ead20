"""What a play can do to a node, seen from outside it. In the lab of forgery.yaml: server, alice, bob and mallory."""

from lab.lab import Lab
from lab.waiting import eventually
from scenarios.scenario import Scenario
from tests.scenarios.guests import expect

FIND_BOB = ["getent", "hosts", "bob"]


def reaches_bob(lab: Lab) -> bool:
    return lab.node("mallory").run(["ping", "-c", "1", "-W", "1", "bob"]).status == 0


def a_cut_node_is_unreachable_until_it_is_healed(lab: Lab) -> None:
    lab.complete()
    bob = lab.node("bob")
    before = lab.node("mallory").run(FIND_BOB).output
    with lab.step("bob is reachable, and not when he is cut off"):
        expect(reaches_bob(lab), True, "reachable")
        bob.cut()
        expect(reaches_bob(lab), False, "reachable when cut off")
    with lab.step("bob is healed, and reachable again at his old address"):
        bob.heal()
        eventually(lambda: reaches_bob(lab), "bob reachable again")
        expect(lab.node("mallory").run(FIND_BOB).output, before, "bob's address")


def a_paused_program_says_nothing_and_goes_on_later(lab: Lab) -> None:
    lab.complete()
    alice = lab.node("alice")
    with lab.step("alice is paused, and shows nothing of what mallory says"):
        alice.pause()
        lab.node("mallory").run(["nc", "-q", "0", "server", "9000"], data=b"while alice slept\n")
        expect("while alice slept" in alice.terminal.transcript, False, "shown when paused")
    with lab.step("alice goes on, and shows it"):
        alice.resume()
        alice.wait_for("while alice slept")


def a_command_runs_with_input_output_and_status(lab: Lab) -> None:
    lab.complete()
    with lab.step("A command reads its input, writes its output, and ends with status 3"):
        done = lab.node("mallory").run(["sh", "-c", "cat; exit 3"], data=b"in and out\n")
        expect((done.status, done.output), (3, b"in and out\n"), "status and output")


def a_node_is_stopped_and_started_again(lab: Lab) -> None:
    lab.complete()
    bob = lab.node("bob")
    with lab.step("bob is stopped, and started again"):
        bob.stop()
        bob.wait_exit()
        bob.start()
        bob.wait_ready()


PLAYS = (
    a_cut_node_is_unreachable_until_it_is_healed,
    a_paused_program_says_nothing_and_goes_on_later,
    a_command_runs_with_input_output_and_status,
    a_node_is_stopped_and_started_again,
)
GUESTS = tuple(
    Scenario(play.__name__, "What is done to a node is seen.", "forgery", play, (), shares=True) for play in PLAYS
)
