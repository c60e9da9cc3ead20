"""Question 3: two clients of the Project 3 server that also talk UDP with each other."""

from lab.lab import Lab
from scenarios.course.checks import peers
from scenarios.scenario import Scenario

SERVER, ONE, OTHER = "p3server", "peer1", "peer2"
UDP_PORT = 12000


def join(lab: Lab) -> None:
    """Start the server and both peers."""
    with lab.step("Start the server and two peers; both join over TCP and open a UDP port"):
        lab.start()


def talk(lab: Lab) -> None:
    """Each says something."""
    for peer, other in ((ONE, OTHER), (OTHER, ONE)):
        with lab.step(f"{peer} says something; {other} sees it by UDP, the server by TCP"):
            lab.node(peer).type(f"greetings from {peer}")
            lab.node(other).wait_for(f"greetings from {peer}")
            lab.node(SERVER).wait_for(f"greetings from {peer}")


def leave(lab: Lab, first: str) -> None:
    """Type exit at one peer; both end."""
    with lab.step(f"Type exit at {first}; both programs end"):
        lab.node(first).type("exit")
        for peer in (ONE, OTHER):
            lab.node(peer).wait_exit()


def exit_at_one(lab: Lab) -> None:
    """Join, talk, exit at the first peer."""
    join(lab)
    talk(lab)
    leave(lab, ONE)


def exit_at_the_other(lab: Lab) -> None:
    """Join, talk, exit at the second peer."""
    join(lab)
    talk(lab)
    leave(lab, OTHER)


def exit_is_lost(lab: Lab) -> None:
    """The first exit datagram is dropped at the other peer's door."""
    join(lab)
    talk(lab)
    with lab.step(f"Let {OTHER} lose every datagram that comes in, and type exit at {ONE}"):
        lab.node(OTHER).lose("udp", UDP_PORT)
        lab.node(ONE).type("exit")
        lab.wait_packet(
            f"an exit datagram from {ONE}", lambda p: p.protocol == "udp" and p.payload == b"exit", sender=ONE
        )
    with lab.step(f"Let datagrams in again; {ONE} repeats itself, and both programs end"):
        lab.node(OTHER).lose_nothing()
        for peer in (ONE, OTHER):
            lab.node(peer).wait_exit()


TALK = (peers.both_joined_over_tcp, peers.messages_go_both_ways_at_once, peers.datagrams_go_straight)

SCENARIOS = (
    Scenario(
        "q3", "Two peers talk by UDP and tell the server by TCP; exit at one ends both.",
        "peers", exit_at_one, (*TALK, peers.exit_ends_everything),
    ),
    Scenario(
        "q3-other", "Exit at the other peer ends both just the same.",
        "peers", exit_at_the_other, (*TALK, peers.exit_ends_everything),
    ),
    Scenario(
        "q3-lost", "Exit ends both programs also when its first datagram is lost.",
        "peers", exit_is_lost, (peers.the_first_exit_was_lost, peers.exit_ends_everything),
    ),
)  # fmt: skip
