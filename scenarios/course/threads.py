"""Threads: a server gives each client one of its own, which waits for that client while the others go on.

alice ---- silent ---------> her thread: blocked in recv
bob ------ says much ------> his thread: recv, send, recv, send ... and gone when he has left
"""

from lab.events import ThreadsSeen
from lab.lab import Lab
from lab.threads.model import Kind
from scenarios.course.checks import threads
from scenarios.scenario import Scenario

LINES = 20


def one_talks_and_one_is_silent(lab: Lab) -> None:
    """One says nothing, the other says much and leaves; the server's system is asked about its threads all along."""
    server = lab.node("server")
    with lab.step("Start the server; a thread of it waits for clients"):
        lab.start("server")
        server.wait_threads("a thread that waits at the port", _waits_for_clients)
    with lab.step("alice comes; a thread waits for what she says"):
        lab.start("alice")
        before = server.wait_threads("a thread that reads from alice", lambda seen: _reads(seen, lab, "alice"))
    with lab.step("bob comes; a thread waits for what he says"):
        lab.start("bob")
        server.wait_threads("a thread that reads from bob", lambda seen: _reads(seen, lab, "bob"))
    with lab.step(f"bob says {LINES} things, each when alice has heard the one before; she says nothing"):
        for number in range(1, LINES + 1):
            lab.node("bob").type(f"this is number {number}.")
            lab.node("alice").wait_for(f"this is number {number}.")
        server.wait_threads(
            "a thread that reads from bob, again", lambda seen: _reads(seen, lab, "bob") and _reads(seen, lab, "alice")
        )
    with lab.step("bob leaves; there are as many threads as before he came"):
        lab.node("bob").type("exit")
        lab.node("bob").wait_exit()
        server.wait_threads(
            f"{len(before.threads)} threads, none of which reads from bob",
            lambda seen: len(seen.threads) <= len(before.threads) and not _reads(seen, lab, "bob"),
        )


def _waits_for_clients(seen: ThreadsSeen) -> bool:
    return any(descriptor.kind is Kind.LISTENER for thread in seen.threads for descriptor in thread.on)


def _reads(seen: ThreadsSeen, lab: Lab, client: str) -> bool:
    addresses = {str(address) for address in lab.node(client).spec.addresses.values()}
    return any(addresses & thread.reads_from() for thread in seen.threads)


SCENARIOS = (
    Scenario(
        "threads",
        "Each client has a thread of its own at the server, which comes, waits and goes with it.",
        "threads",
        one_talks_and_one_is_silent,
        (
            threads.each_client_has_a_thread,
            threads.an_idle_client_blocks_its_thread,
            threads.a_busy_client_s_thread_is_switched,
            threads.a_thread_goes_with_its_client,
        ),
    ),
)
