"""What a play can do to packets, seen by what still comes. In the lab of forgery.yaml: server, alice, bob and mallory.

bob listens for datagrams and shows them. Who sends says a word of the step that it is sent in, so the history tells
which were sent (the tap shows every one, lost or not) and which came.
"""

from lab.events import Fault, Packet, Printed
from lab.faults import FaultKind, Way, Wish
from lab.history import History
from lab.lab import Lab
from lab.terminal import Terminal
from scenarios.scenario import Scenario
from scenarios.verdict import Verdict, check, failed, passed
from tests.scenarios.guests import expect

PORT, SINK = 7100, 7200
COUNT = 20
SEND = """
import socket, sys
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(int(sys.argv[3])):
    sender.sendto(f"{sys.argv[2]}-{number}.".encode(), (sys.argv[1], 7100))
"""
UPLOAD = """
import socket, sys
connection = socket.create_connection(("bob", 7200))
connection.sendall(bytes(int(sys.argv[1])))
connection.shutdown(socket.SHUT_WR)
connection.recv(1)
"""
RATE = 400_000
BYTES = 100_000
LISTEN = ["socat", "-u", f"UDP4-RECV:{PORT}", "STDOUT"]


def send(lab: Lab, sender: str, word: str, to: str = "bob", count: int = COUNT) -> None:
    """Send datagrams with a word and a number each. Nothing that is lost may be known to the program that sends."""
    done = lab.node(sender).run(["python3", "-c", SEND, to, word, str(count)])
    expect((done.status, done.output), (0, b""), "what the sender is told")


def listen(lab: Lab, node: str) -> Terminal:
    """Let a node show what comes to its port."""
    listener = lab.node(node).open(LISTEN)
    lab.node(node).run(["sh", "-c", f"until ss -lun | grep -q :{PORT}; do :; done"])
    return listener


def end(lab: Lab, listener: Terminal, node: str) -> None:
    """Show all that has come, and no more."""
    lab.node(node).run(["pkill", "--exact", "socat"])
    listener.wait_for_end()


def lost_from_one_peer_and_no_other(lab: Lab) -> None:
    lab.complete()
    bob, alice = listen(lab, "bob"), listen(lab, "alice")
    with lab.step("bob loses all that comes from alice: what she says is lost, what mallory says comes"):
        lab.fault(Wish(FaultKind.LOSS, "bob", peer="alice", amount="100%", way=Way.IN))
        send(lab, "alice", "alice-lost")
        send(lab, "mallory", "mallory-heard")
        bob.wait_for(f"mallory-heard-{COUNT - 1}.")
    with lab.step("What bob says comes to alice, for that is the other way"):
        send(lab, "bob", "bob-heard", to="alice")
        alice.wait_for(f"bob-heard-{COUNT - 1}.")
    with lab.step("Less is lost: of what alice says some comes and some does not"):
        lab.fault(Wish(FaultKind.LOSS, "bob", peer="alice", amount="50%", way=Way.IN))
        send(lab, "alice", "alice-half", count=10 * COUNT)
        send(lab, "mallory", "mallory-again")
        bob.wait_for(f"mallory-again-{COUNT - 1}.")
    with lab.step("bob loses all that he sends, and is told nothing of it"):
        lab.fault(Wish(FaultKind.LOSS, "bob", amount="100%", way=Way.OUT))
        send(lab, "bob", "bob-lost", to="alice")
        send(lab, "mallory", "mallory-third", to="alice")
        alice.wait_for(f"mallory-third-{COUNT - 1}.")
    with lab.step("All is healed: everything comes"):
        lab.heal()
        send(lab, "alice", "alice-healed")
        bob.wait_for(f"alice-healed-{COUNT - 1}.")
        send(lab, "bob", "bob-healed", to="alice")
        alice.wait_for(f"bob-healed-{COUNT - 1}.")
    with lab.step("bob and alice listen no more"):
        end(lab, bob, "bob")
        end(lab, alice, "alice")


def shown(history: History, node: str, word: str) -> int:
    """Count the datagrams with a word that a node has shown."""
    text = b"".join(event.data for event in history.of(Printed) if event.node == node)
    return text.count(f"{word}-".encode())


def sent(history: History, word: str) -> int:
    """Count the datagrams with a word that were on the wire."""
    return sum(packet.payload.startswith(f"{word}-".encode()) for packet in history.of(Packet))


@check
def what_is_lost_was_on_the_wire(history: History) -> Verdict:
    """Every datagram was on the wire; those of the pair that the fault is between, and of that way, did not come."""
    for word, node, came in (
        ("alice-lost", "bob", 0), ("mallory-heard", "bob", COUNT), ("bob-heard", "alice", COUNT),
        ("mallory-again", "bob", COUNT), ("bob-lost", "alice", 0), ("mallory-third", "alice", COUNT),
        ("alice-healed", "bob", COUNT), ("bob-healed", "alice", COUNT),
    ):  # fmt: skip
        found = sent(history, word), shown(history, node, word)
        if found != (COUNT, came):
            return failed(f"{word}: sent and shown at {node} are {found}, not {(COUNT, came)}")
    return passed(f"{8 * COUNT} datagrams")


@check
def half_is_about_half(history: History) -> Verdict:
    """Of 200 datagrams 50 to 150 come: fewer, or more, come of none in 10^12 runs."""
    came = shown(history, "bob", "alice-half")
    return (passed if 50 <= came <= 150 else failed)(f"{came} of {sent(history, 'alice-half')} came")


def cut_from_each_other_and_from_nobody_else(lab: Lab) -> None:
    lab.complete()
    bob, alice = listen(lab, "bob"), listen(lab, "alice")
    with lab.step("bob and alice are cut from each other; mallory reaches both, and they reach mallory"):
        lab.fault(Wish(FaultKind.CUT, "bob", peer="alice"))
        send(lab, "alice", "alice-cut")
        send(lab, "bob", "bob-cut", to="alice")
        for node, listener in (("bob", bob), ("alice", alice)):
            send(lab, "mallory", "mallory-third", to=node)
            listener.wait_for(f"mallory-third-{COUNT - 1}.")
            expect(lab.node(node).run(["ping", "-c1", "-W2", "mallory"]).status, 0, f"ping from {node} to mallory")
    with lab.step("They are healed, and reach each other at once"):
        lab.heal()
        send(lab, "alice", "alice-back")
        bob.wait_for(f"alice-back-{COUNT - 1}.", within=5)
        send(lab, "bob", "bob-back", to="alice")
        alice.wait_for(f"bob-back-{COUNT - 1}.", within=5)
    with lab.step("bob and alice listen no more"):
        end(lab, bob, "bob")
        end(lab, alice, "alice")


@check
def nothing_passed_while_they_were_cut(history: History) -> Verdict:
    """What they said to each other was on the wire, and neither heard it."""
    for word, node in (("alice-cut", "bob"), ("bob-cut", "alice")):
        found = sent(history, word), shown(history, node, word)
        if found != (COUNT, 0):
            return failed(f"{word}: sent and shown at {node} are {found}")
    return passed(f"{2 * COUNT} datagrams")


def upload(lab: Lab, sender: str) -> None:
    """Send bytes over a connection to bob, and wait until he has them."""
    done = lab.node(sender).run(["python3", "-c", UPLOAD, str(BYTES)])
    expect((done.status, done.output), (0, b""), f"status and words of {sender}'s upload")


def rate_with_one_peer(lab: Lab) -> None:
    lab.complete()
    sink = lab.node("bob").open(["socat", "-u", f"TCP-LISTEN:{SINK},fork,reuseaddr", "OPEN:/dev/null"])
    lab.node("bob").run(["sh", "-c", f"until ss -ltn | grep -q :{SINK}; do :; done"])
    with lab.step("The packets between bob and mallory get 400 kbit/s; those of bob and alice all they can have"):
        lab.fault(Wish(FaultKind.RATE, "bob", peer="mallory", amount="400kbit"))
        lab.fault(Wish(FaultKind.LOSS, "bob", peer="server", amount="1%"))
        upload(lab, "mallory")
        upload(lab, "alice")
    with lab.step("All is healed, and bob listens no more"):
        lab.heal()
        upload(lab, "mallory")
        lab.node("bob").run(["pkill", "--exact", "socat"])
        sink.wait_for_end()


def uploads(history: History, sender: str) -> list[float]:
    """Return the bits a second of each of a node's connections to bob, as their packets show them."""
    found = []
    for connection in history.connections_between(sender, "bob"):
        packets = [p for p in connection.packets if p.payload and p.src == connection.client[0] and p.dport == SINK]
        took = packets[-1].time - packets[0].time
        found.append(sum(len(packet.payload) for packet in packets[1:]) * 8 / took)
    return found


@check
def the_rate_is_that_and_no_others(history: History) -> Verdict:
    """mallory's first upload goes at the rate, less headers; her second, and alice's, at several times that."""
    (slow, healed), (other,) = uploads(history, "mallory"), uploads(history, "alice")
    told = ", ".join(f"{rate / 1000:.0f}" for rate in (slow, healed, other)) + " kbit/s"
    right = RATE / 2 < slow < RATE * 1.05 and healed > RATE * 2 and other > RATE * 2
    return (passed if right else failed)(told)


@check
def faults_are_told(history: History) -> Verdict:
    """Each fault, and its end, is an event that says at which node, what, and from when on."""
    told = [(fault.node, fault.what) for fault in history.of(Fault)]
    wanted = [
        ("bob", "packets between it and mallory get 400kbit/s each way"),
        ("bob", "loses 1% of the packets between it and server"),
        ("bob", "healed of loss, rate"),
    ]
    if told[:2] != wanted[:2] or wanted[2] not in told:
        return failed(str(told))
    return passed(f"{len(told)} faults")


GUESTS = (
    Scenario(
        "loss-from-one", "What is lost between two is lost, and nothing else is.", "forgery",
        lost_from_one_peer_and_no_other, (what_is_lost_was_on_the_wire, half_is_about_half), shares=True,
    ),
    Scenario(
        "cut-from-one", "Two that are cut from each other are reached by a third.", "forgery",
        cut_from_each_other_and_from_nobody_else, (nothing_passed_while_they_were_cut,), shares=True,
    ),
    Scenario(
        "rate-with-one", "A rate is kept with the one it is for.", "forgery",
        rate_with_one_peer, (the_rate_is_that_and_no_others, faults_are_told), shares=True,
    ),
)  # fmt: skip
