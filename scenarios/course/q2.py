"""Question 2: forwarders between an unchanged client and an unchanged server."""

from itertools import pairwise

from lab.lab import Lab
from scenarios.course.checks import chain
from scenarios.scenario import Scenario

SERVER, CLIENT = "p3server", "p3client"


def forwarders(lab: Lab) -> list[str]:
    """Return the chain's nodes, from the client's end to the server's."""
    return [name for name, node in lab.topology.nodes.items() if node.role.name == "forwarder"]


def a_word_travels(lab: Lab) -> None:
    """In the course's order: server, forwarders, client; a word; another; exit."""
    with lab.step("Start the server, then the forwarders: each dials its upstream and then listens"):
        lab.start(SERVER)
        lab.start(*forwarders(lab))
    with lab.step("Start the client; it dials the first forwarder"):
        lab.start(CLIENT)
    for word in ("hello", "größe"):
        with lab.step(f"Type {word!r} at the client; the server shows it"):
            lab.node(CLIENT).type(word)
            lab.node(SERVER).wait_for(word)
    with lab.step("Type exit at the client; it ends, and the path behind it closes"):
        lab.node(CLIENT).type("exit")
        lab.node(CLIENT).wait_exit()
        lab.node(SERVER).wait_for("exit")
        wait_closed(lab)


def wait_closed(lab: Lab) -> None:
    """Wait until both ends of each hop have said FIN."""
    for hop in pairwise([CLIENT, *forwarders(lab), SERVER]):
        for sender, receiver in (hop, hop[::-1]):
            lab.wait_packet(f"FIN from {sender} to {receiver}", sender=sender, receiver=receiver, flags={"FIN"})


def the_server_comes_last(lab: Lab) -> None:
    """No start order is needed: the client's side starts first, the server last."""
    with lab.step("Start the forwarders from the client's end; none can reach its upstream"):
        for forwarder in forwarders(lab):
            lab.launch(forwarder)
        first, second, _ = forwarders(lab)
        lab.wait_packet(f"{second} refusing {first}", sender=second, receiver=first, flags={"RST"})
    with lab.step("A client calls the first forwarder; it is refused at once"):
        lab.launch(CLIENT)
        lab.wait_packet(f"{first} refusing {CLIENT}", sender=first, receiver=CLIENT, flags={"RST"})
        lab.node(CLIENT).wait_exit()
    with lab.step("Start the server; the chain comes up from its end outwards"):
        lab.start(SERVER)
        for forwarder in forwarders(lab):
            lab.node(forwarder).wait_ready()
    with lab.step("Start the client again; a word reaches the server"):
        lab.start(CLIENT)
        lab.node(CLIENT).type("late")
        lab.node(SERVER).wait_for("late")


def a_forwarder_dies(lab: Lab) -> None:
    """The middle forwarder is killed while a client is connected; when it is back, the chain works again."""
    first, middle, last = forwarders(lab)
    with lab.step("Start everything and send a word"):
        lab.start()
        lab.node(CLIENT).type("before")
        lab.node(SERVER).wait_for("before")
    with lab.step(f"Kill {middle}; the connections on both sides end"):
        lab.node(middle).kill()
        for sender, receiver in ((first, CLIENT), (last, SERVER)):
            lab.wait_packet(
                f"{sender} ending its connection with {receiver}",
                sender=sender, receiver=receiver, flags={"FIN", "RST"},
            )  # fmt: skip
        lab.node(middle).wait_exit()
    with lab.step("The client's program is ended; it has lost its connection"):
        lab.node(CLIENT).stop()
        lab.node(CLIENT).wait_exit()
    with lab.step(f"Start {middle} again; the chain comes back by itself"):
        lab.start(middle)
        for forwarder in forwarders(lab):
            lab.node(forwarder).wait_ready()
    with lab.step("Start the client again; a word reaches the server"):
        lab.start(CLIENT)
        lab.node(CLIENT).type("after")
        lab.node(SERVER).wait_for("after")


def one_direction_ends(lab: Lab) -> None:
    """The client ends its direction; the server answers only then; the answer comes back."""
    with lab.step("Start a server that answers only after the end of the stream, and a chain in front of it"):
        lab.start()
    with lab.step("Send two lines and end the stream; the answer is the two lines, sorted"):
        answer = lab.node("client").open(["nc", "-N", forwarders(lab)[0], "8000"])
        answer.type("pear\napple\n")
        answer.end_input()
        answer.wait_for("apple\npear\n")
        answer.wait_for_end()


ON_THE_WAY = (
    chain.forwarders_dial_before_they_listen,
    chain.words_arrive_byte_for_byte,
    chain.each_hop_is_a_connection_of_its_own,
    chain.the_server_never_sees_the_client,
    chain.exit_closes_the_whole_path,
)

SCENARIOS = (
    Scenario(
        "q2", "A word passes three forwarders, byte for byte, over a TCP connection per hop.",
        "chain", a_word_travels, ON_THE_WAY,
    ),
    Scenario(
        "q2-one", "A word passes one forwarder.", "chain", a_word_travels, ON_THE_WAY, forwarders=1,
    ),
    Scenario(
        "q2-sixteen", "A word passes sixteen forwarders.", "chain", a_word_travels, ON_THE_WAY, forwarders=16,
    ),
    Scenario(
        "q2-late", "A chain comes up in any start order, the server last; who calls too early is refused at once.",
        "chain", the_server_comes_last,
        (
            chain.forwarders_dial_before_they_listen,
            chain.who_comes_too_early_is_refused_at_once,
            chain.words_arrive_byte_for_byte,
        ),
    ),
    Scenario(
        "q2-killed", "A killed forwarder ends the connections on both sides; the chain works again when it returns.",
        "chain", a_forwarder_dies,
        (chain.a_broken_chain_ends_on_both_sides, chain.words_arrive_byte_for_byte),
    ),
    Scenario(
        "q2-half", "The end of a stream travels one way and leaves the other way open.",
        "half-close", one_direction_ends, (chain.the_end_of_a_stream_travels_alone,),
    ),
)  # fmt: skip
