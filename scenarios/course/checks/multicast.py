"""Multicast: members join before anything reaches them, one frame serves all, and who has left hears nothing."""

from collections import Counter

from lab.events import Packet
from lab.history import History
from lab.wire import joins_group, leaves_group, mac_of
from scenarios.checks import talk
from scenarios.checks.datagrams import text_of, times_shown
from scenarios.checks.membership import is_member, said
from scenarios.verdict import Verdict, at, check, failed, passed

GROUP, PORT, TTL = "224.1.1.1", 11000, 2  # as in the course
RECEIVER = "multicast-receiver"


def frames(history: History) -> list[Packet]:
    """Return the frames that carry a message to the group, in order of time."""
    return [p for p in history.packets("udp") if (p.dst, p.dport) == (GROUP, PORT)]


def left_at(history: History, node: str) -> float:
    """Return when a receiver left the group, or a time that never comes."""
    return next((p.time for p in said(history, node, GROUP, leaves_group)), float("inf"))


@check
def members_join_before_delivery(history: History) -> Verdict:
    """Every receiver asks for the group by IGMP before the first message is on the wire."""
    sent = frames(history)
    if not sent:
        return failed(f"nothing was sent to {GROUP}:{PORT}")
    if not history.nodes(RECEIVER):
        return failed("there was no receiver")
    joined = []
    for node in history.nodes(RECEIVER):
        reports = said(history, node, GROUP, joins_group)
        if not reports or reports[0].time > sent[0].time:
            return failed(f"{node} had not asked for {GROUP} when the first message was sent", [at(sent[0])])
        joined.append(at(reports[0]))
    return passed(f"{len(joined)} receivers joined before the first message", joined)


@check
def one_frame_serves_all(history: History) -> Verdict:
    """However many receivers there are, a message is one frame, to the group's own MAC address, with TTL 2."""
    sent = frames(history)
    if not sent:
        return failed(f"nothing was sent to {GROUP}:{PORT}")
    for frame in sent:
        if frame.eth_dst != mac_of(GROUP):
            return failed(f"a message was sent to {frame.eth_dst} instead of {mac_of(GROUP)}", [at(frame)])
        if frame.ttl != TTL:
            return failed(f"a message was sent with TTL {frame.ttl} instead of {TTL}", [at(frame)])
        copies = [p for p in history.packets("udp") if p.payload == frame.payload]
        if len(copies) > max(1, _times_typed(history, text_of(frame))):
            return failed(f"{text_of(frame)!r} was sent more than once", [at(p) for p in copies])
    return passed(f"{len(sent)} messages, {len(sent)} frames, to {mac_of(GROUP)}", [at(p) for p in sent])


@check
def members_get_every_message_once(history: History) -> Verdict:
    """Every receiver shows every message that was sent while it was a member, once."""
    if not frames(history):
        return failed(f"nothing was sent to {GROUP}:{PORT}")
    deliveries = 0
    for node in history.nodes(RECEIVER):
        due = Counter(text_of(f) for f in frames(history) if is_member(history, node, GROUP, f.time))
        for text, wanted in due.items():
            if (times := times_shown(history, node, text)) != wanted:
                return failed(f"{node} showed {text!r} {times} times instead of {wanted}")
        deliveries += due.total()
    if not deliveries:
        return failed("no receiver was a member when something was sent")
    return passed(f"{len(frames(history))} messages, shown {deliveries} times by those who were members")


@check
def who_has_left_hears_nothing(history: History) -> Verdict:
    """A receiver that has left the group, as IGMP shows, shows no message any more."""
    gone = [node for node in history.nodes(RECEIVER) if said(history, node, GROUP, leaves_group)]
    if not gone:
        return failed("nobody left the group")
    for node in gone:
        left = left_at(history, node)
        after = [f for f in frames(history) if f.time > left and not is_member(history, node, GROUP, f.time)]
        if not after:
            return failed(f"nothing was sent after {node} had left")
        for frame in after:
            if times_shown(history, node, text_of(frame), after=left):
                return failed(f"{node} showed {text_of(frame)!r} after it had left", [at(frame)])
    return passed(
        f"{', '.join(gone)} left and showed nothing more", [at(said(history, n, GROUP, leaves_group)[0]) for n in gone]
    )


@check
def a_word_reaches_clients_and_members(history: History) -> Verdict:
    """What a client behind the chain types reaches every other client and every receiver under the same sender's ID."""
    spoken = [m for m in talk.messages(history) if _behind_a_chain(history, m.sender)]
    if not spoken:
        return failed("no client behind the forwarders said anything")
    if not history.nodes(RECEIVER):
        return failed("there was no receiver")
    for message in spoken:
        there = talk.listeners(history, message)
        if not there:
            return failed(f"nobody but {message.sender} was there to hear {message.text!r}")
        deaf = [node for node in there if not talk.tags(history, node, message.text)]
        if deaf:
            return failed(f"{', '.join(deaf)} did not hear {message.text!r}")
        lines = {message.text.join(tag) for node in there for tag in talk.tags(history, node, message.text)}
        if len(lines) != 1:
            return failed(f"{message.text!r} was heard in several ways: {sorted(lines)}")
        line = lines.pop()
        deaf = [node for node in history.nodes(RECEIVER) if line not in history.printed(node)]
        if deaf:
            return failed(f"{', '.join(deaf)} did not show {line!r}")
    return passed(f"{len(spoken)} words reached everybody under their sender's ID")


def _behind_a_chain(history: History, client: str) -> bool:
    return any(history.connections_between(client, forwarder) for forwarder in history.nodes("forwarder"))


def _times_typed(history: History, text: str) -> int:
    """Count how often a person typed what a message carries."""
    typed = [line for node in history.nodes() for line in history.typed(node)]
    return typed.count(talk.carried(text, typed) or "")
