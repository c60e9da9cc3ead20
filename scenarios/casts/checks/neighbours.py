"""Who uses broadcast: ARP asks everybody of a network for the Ethernet address that goes with an IP address.

    IPv4  w2 ── "who has 10.84.1.5?" ──► ff:ff:ff:ff:ff:ff          everybody is woken
    IPv6  w2 ── "who has fd00:..:105?" ──► 33:33:ff and 24 bits     only who has an address that ends like this
          w2 ◄── "I, and I am at 02:42:0a:54:01:05" ── w3           in both: to the one who asked

IPv6 has no broadcast at all: what is for all of a network goes to the group ff02::1, which every node has joined.
"""

from lab.events import Packet
from lab.history import History
from lab.hops import sightings
from lab.wire import mac_of, solicited_node
from scenarios.casts.checks.broadcast_reach import EVERYBODY, is_to_many
from scenarios.verdict import Verdict, at, check, failed, passed

ASKER, ASKED = "w2", "w3"
HOSTS = ("w1", "w2", "w3")
NETWORK = "west"
ALL_NODES = "ff02::1"
TO_ALL_NODES = "neighbours: to all nodes"


def is_ipv6(packet: Packet) -> bool:
    """Tell whether a frame carries IPv6."""
    return ":" in (packet.src or "")


def home(history: History, node: str) -> str:
    """Return a node's IPv4 address, or none if it was never started."""
    return next(iter(history.addresses(node)), "")


def asked_for(history: History, node: str, address: str | None = None) -> list[Packet]:
    """Return the ARP requests of a node (for an address), in order of time."""
    mine = home(history, node)
    requests = [p for p in history.packets("arp") if p.what == "request" and p.src == mine]
    return [p for p in requests if address in (None, p.dst)]


def solicitations(history: History) -> list[Packet]:
    """Return what w2 asks for w3's IPv6 addresses, in order of time."""
    asker, asked = history.addresses(ASKER), history.addresses(ASKED)
    found = [p for p in history.packets("icmpv6") if p.what == "neighbour solicitation"]
    return [p for p in found if p.src in asker and p.target in asked]


@check
def everybody_is_asked_and_one_answers(history: History) -> Verdict:
    """The first ARP request for a neighbour goes to ff:ff:ff:ff:ff:ff, and its reply to the one who asked."""
    address = home(history, ASKED)
    requests = asked_for(history, ASKER, address)
    if not requests:
        return failed(f"{ASKER} asked for {address} by no ARP request")
    first = requests[0]
    if first.eth_dst != EVERYBODY:
        return failed(f"the first request was sent to {first.eth_dst}", [at(first)])
    replies = [p for p in history.packets("arp") if p.what == "reply" and p.src == address and p.time > first.time]
    if not replies:
        return failed(f"nobody answered that {address} is there", [at(first)])
    if astray := [p for p in replies if is_to_many(p) or (p.dst == first.src and p.eth_dst != first.eth_src)]:
        return failed(f"the reply was sent to {astray[0].eth_dst}", map(at, astray))
    return passed(f"request to {EVERYBODY}, reply to {replies[0].eth_dst}", [at(first), at(replies[0])])


@check
def who_was_asked_need_not_ask(history: History) -> Verdict:
    """Who answers an ARP request has learned from it who asked: the way back needs no request."""
    asker, asked = home(history, ASKER), home(history, ASKED)
    back = [p for p in history.packets("icmp") if p.what == "echo reply" and (p.src, p.dst) == (asked, asker)]
    if not back:
        return failed(f"{ASKED} sent nothing back to {ASKER}")
    if before := [p for p in asked_for(history, ASKED, asker) if p.time < back[0].time]:
        return failed(f"{ASKED} asked for {ASKER} first", map(at, before))
    return passed(f"{ASKED} sent to {ASKER} at once", [at(back[0])])


@check
def nobody_answers_for_nobody(history: History) -> Verdict:
    """Requests for an address that nobody has are repeated, wake everybody each time, and have no reply."""
    requests = [p for p in asked_for(history, ASKER) if not history.holders(p.dst or "")]
    if len(requests) < 2:
        return failed(f"{ASKER} asked {len(requests)} times for an address that nobody has", map(at, requests))
    if quiet := [p for p in requests if p.eth_dst != EVERYBODY]:
        return failed(f"a request was sent to {quiet[0].eth_dst}", map(at, quiet))
    for packet in history.packets("arp"):
        if packet.what == "reply" and packet.src == requests[0].dst:
            return failed(f"{packet.eth_src} answered for {packet.src}", [at(packet)])
    if "unreachable" not in history.printed(ASKER).lower():
        return failed(f"{ASKER} was not told that {requests[0].dst} is unreachable", map(at, requests))
    return passed(f"{len(requests)} requests for {requests[0].dst}, no reply: unreachable", map(at, requests))


@check
def a_group_is_asked_and_one_answers(history: History) -> Verdict:
    """In IPv6, the first question for a neighbour goes to its solicited-node group, and the answer to who asked."""
    asked = solicitations(history)
    if not asked:
        return failed(f"{ASKER} asked for no IPv6 address of {ASKED}")
    first = asked[0]
    group = solicited_node(first.target or "")
    if (first.dst, first.eth_dst) != (group, mac_of(group)):
        return failed(f"the question went to {first.dst}, {first.eth_dst}, and not to {group}", [at(first)])
    answers = [
        p
        for p in history.packets("icmpv6")
        if p.what == "neighbour advertisement" and p.target == first.target and p.dst == first.src
    ]
    if not answers:
        return failed(f"nobody answered that {first.target} is there", [at(first)])
    if answers[0].eth_dst != first.eth_src:
        return failed(f"the answer was sent to {answers[0].eth_dst}", [at(answers[0])])
    return passed(f"asked {group}, {first.eth_dst}; answered to {answers[0].eth_dst}", [at(first), at(answers[0])])


@check
def no_ipv6_frame_goes_to_everybody(history: History) -> Verdict:
    """IPv6 has no broadcast: each of its frames goes to one machine or to a group's address (33:33 and 32 bits)."""
    seen = [p for p in history.packets() if is_ipv6(p)]
    groups = [p for p in seen if is_to_many(p)]
    if astray := [p for p in groups if not p.eth_dst.startswith("33:33:")]:
        return failed(f"IPv6 was sent to {astray[0].eth_dst}", map(at, astray))
    if not groups or len(groups) == len(seen):
        return failed(f"{len(groups)} frames of IPv6 were for groups and {len(seen) - len(groups)} for one machine")
    return passed(f"{len(seen)} frames of IPv6: {len(groups)} to groups, {len(seen) - len(groups)} to one machine")


@check
def all_nodes_are_a_group(history: History) -> Verdict:
    """What is for all of a network goes to the group ff02::1, in one frame: it is heard by all hosts."""
    sent = sightings(history, payload=TO_ALL_NODES.encode(), dst=ALL_NODES)
    if not sent:
        return failed(f"nothing was sent to {ALL_NODES}")
    if list(sent) != [NETWORK] or len(sent[NETWORK]) != 1:
        return failed("it was not one frame on one network", [at(p) for seen in sent.values() for p in seen])
    if sent[NETWORK][0].eth_dst != mac_of(ALL_NODES):
        return failed(f"it was sent to {sent[NETWORK][0].eth_dst}", map(at, sent[NETWORK]))
    if deaf := [node for node in HOSTS if TO_ALL_NODES not in history.printed(node)]:
        return failed(f"{', '.join(deaf)} did not show it", map(at, sent[NETWORK]))
    return passed(f"one frame to {mac_of(ALL_NODES)}, shown by {', '.join(HOSTS)}", map(at, sent[NETWORK]))
