"""Question 1: at most five at once, everybody hears everybody, and knows who spoke."""

from collections import Counter

from lab.events import Exited, Fault
from lab.history import History
from scenarios.checks.talk import (
    CLIENT,
    GOODBYE,
    Message,
    Tag,
    heard,
    left_at,
    lines,
    listeners,
    messages,
    opened,
    present,
    served,
    tags,
    turned_away,
)
from scenarios.verdict import Verdict, at, check, failed, passed, unknown

AT_MOST = 5


@check
def everyone_hears_every_message_once(history: History) -> Verdict:
    """Every message reaches every other client once, in its sender's order."""
    said = messages(history)
    if not said:
        return failed("nobody said anything on the wire")
    deliveries = 0
    for listener in history.nodes(CLIENT):
        due = [m for m in said if listener in listeners(history, m)]
        sent = heard(history, listener)
        got = [line.text for line in sent]
        for text, wanted in Counter(m.text for m in due).items():
            own = sum(m.text == text for m in said if m.sender == listener)  # which may come back to it
            if not wanted <= got.count(text) <= wanted + own:
                return failed(
                    f"{listener} should have heard {text!r} {wanted} times, but heard it {got.count(text)} times",
                    [line.line for line in sent],
                )
        for sender in {m.sender for m in due}:
            order = [m.text for m in due if m.sender == sender and _unique(said, m)]
            if [text for text in got if text in order] != order:
                return failed(
                    f"{listener} heard {sender}'s messages in another order than they were sent",
                    [line.line for line in sent],
                )
        deliveries += len(due)
    if not deliveries:
        return failed("nobody was there to hear anything")
    return passed(f"{len(said)} messages were delivered {deliveries} times, each once and in order")


@check
def everyone_can_tell_who_spoke(history: History) -> Verdict:
    """What is left of a line without its message is the same for one sender and differs between senders."""
    said = messages(history)
    own = [m for m in said if _unique(said, m)]
    senders = {m.sender for m in own}
    if len(senders) < 2:
        return failed(f"only {len(senders)} client said something of its own, so nobody can be told apart")
    most = 0
    for listener in history.nodes(CLIENT):
        known: dict[str, Tag] = {}
        for message in own:
            if listener not in listeners(history, message):
                continue
            found = tags(history, listener, message.text)
            if not found:
                return failed(f"{listener} did not hear {message.text!r} of {message.sender}")
            for tag in found:
                if known.setdefault(message.sender, tag) != tag:
                    return failed(
                        f"{listener} heard {message.sender} as {_name(known[message.sender])} and as {_name(tag)}"
                    )
        shared = [tag for tag, times in Counter(known.values()).items() if times > 1]
        if shared:
            under = [sender for sender in known if known[sender] == shared[0]]
            return failed(f"{listener} heard {', '.join(under)} under one tag, {_name(shared[0])}")
        most = max(most, len(known))
    if most < 2:
        return failed("nobody heard two others, so nobody had anybody to tell apart")
    return passed(f"{len(senders)} senders, {len(senders)} tags")


@check
def the_same_words_are_told_apart(history: History) -> Verdict:
    """Two who say the same thing are heard as two, each under the tag that is its own."""
    said = messages(history)
    speakers = {text: {m.sender for m in said if m.text == text} for text in {m.text for m in said}}
    twins = [m for m in said if len(speakers[m.text]) > 1]
    if not twins:
        return failed("no two clients said the same thing")
    told = 0
    for listener in history.nodes(CLIENT):
        for text in {m.text for m in twins}:
            senders = [m.sender for m in twins if m.text == text and listener in listeners(history, m)]
            found = Counter(tags(history, listener, text))
            due = Counter(tag for sender in senders if (tag := _tag_of(history, listener, sender)))
            own = sum(m.sender == listener for m in twins if m.text == text)  # which may come back to it
            if due - found or not len(senders) <= found.total() <= len(senders) + own:
                heard_as = ", ".join(_name(tag) for tag in found.elements()) or "no tag"
                return failed(f"{listener} heard {text!r} under {heard_as}, but it was said by {senders}")
            told += len(set(senders)) > 1
    if not told:
        return failed("nobody was there to hear both")
    return passed(f"{len(twins)} messages of the same words were told apart")


def _tag_of(history: History, listener: str, sender: str) -> Tag | None:
    """Return the tag under which a listener heard those words of a sender that nobody else said."""
    said = messages(history)
    own = (m for m in said if m.sender == sender and _unique(said, m))
    return next((tag for m in own for tag in tags(history, listener, m.text)), None)


def _unique(said: list[Message], message: Message) -> bool:
    """Tell whether a message's words were said once, so that a line with them cannot be of another."""
    return sum(message.text == other.text for other in said) == 1


def _name(tag: Tag) -> str:
    return repr(" ... ".join(tag)) if tag[1] else repr(tag[0])


@check
def the_sixth_is_refused(history: History) -> Verdict:
    """Every client that comes while five are in is told so in words, and its connection is ended."""
    refused = []
    clients = history.nodes(CLIENT)
    for node, connection, accepted in [(n, c, c.accepted) for n in clients for c in opened(history, n)]:
        others = [n for n in clients if n != node and accepted and present(history, n, accepted.time)]
        if len(others) < AT_MOST:
            continue
        if not turned_away(connection):
            return failed(
                f"{node} came while {AT_MOST} others were in, and was not turned away",
                [at(connection.packets[0])],
            )
        words = [line.strip() for line in _shown(connection.from_server).splitlines() if line.strip()]
        if not words or not all(word in history.printed(node) for word in words):
            return failed(f"{node} was turned away and shown no word of it; the server sent {words!r}")
        refused.append((node, words, connection.packets[-1]))
    if not refused:
        return failed(f"no client came while {AT_MOST} others were in")
    node, words, _ = refused[0]
    return passed(f"{node} was told {' '.join(words)!r}", [at(last) for _, _, last in refused])


def _shown(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")


@check
def a_freed_place_is_taken(history: History) -> Verdict:
    """A client that was refused is in, hears and is heard when another has left."""
    for node in history.nodes(CLIENT):
        if not (any(turned_away(c) for c in opened(history, node)) and served(history, node)):
            continue
        if not any(line.text is not None for line in heard(history, node)):
            return failed(f"{node} got in, but heard nothing of the others")
        said = messages(history, node)
        if not said:
            return failed(f"{node} got in, but said nothing")
        if not any(tags(history, other, m.text) for m in said for other in listeners(history, m)):
            return failed(f"{node} got in, but was heard by nobody")
        return passed(f"{node} was refused, came back and was let in")
    return failed("no client that was refused got in later")


@check
def leaving_is_announced(history: History) -> Verdict:
    """When a client leaves or is killed, every other client is told."""
    clients = history.nodes(CLIENT)
    left = [(n, c, when) for n in clients for c in served(history, n) if (when := left_at(c)) is not None]
    if not left:
        return failed("nobody left")
    told = 0
    for node, connection, when in sorted(left, key=lambda leaving: leaving[2], reverse=True):
        for other in clients:
            if other == node or not present(history, other, when):
                continue
            notices = sum(line.text is None and line.time > when for line in heard(history, other))
            due = sum(gone != other and time >= when and present(history, other, time) for gone, _, time in left)
            if notices < due:
                return failed(f"{node} left, and {other} was not told", [at(connection.packets[-1])])
            told += 1
    if not told:
        return failed("nobody was there to be told")
    return passed(
        f"{len(left)} leavings were announced to all who stayed", [at(c.ending) for _, c, _ in left if c.ending]
    )


@check
def a_killed_client_said_no_goodbye(history: History) -> Verdict:
    """One client was ended by SIGKILL, without a word of its own."""
    killed = [f.node for f in history.of(Fault) if "SIGKILL" in f.what and f.node in history.nodes(CLIENT)]
    if not killed:
        return failed("no client was killed")
    for node in killed:
        if not any(e.node == node and e.status == 137 for e in history.of(Exited)):
            return failed(f"{node} was not ended by SIGKILL (status 137)")
        if any(text == GOODBYE for c in served(history, node) for _, text in lines(c, c.client)):
            return failed(f"{node} had said goodbye before it was killed")
    return passed(f"{', '.join(killed)} ended with status 137")


@check
def no_line_is_forged(history: History) -> Verdict:
    """Nobody's line can be taken for another's: neither by its text nor by control bytes."""
    clients = history.nodes(CLIENT)
    forgers = [node for node in history.nodes() if node not in clients and _spoken(history, node)]
    if not forgers:
        return failed("nobody tried to forge a line")
    attempts = 0
    for listener in clients:
        sent = heard(history, listener)
        for line in sent:
            if wild := [c for c in line.line if (ord(c) < 0x20 and c != "\t") or 0x7F <= ord(c) < 0xA0]:
                return failed(f"{listener} was sent the control byte {wild[0]!r} in {line.line!r}")
        for sender in clients:
            tag = None if sender == listener else _tag_of(history, listener, sender)
            if tag is None:
                continue
            said = {m.text for m in messages(history, sender)}
            for line in sent:
                if (words := _between(tag, line.line)) is not None and words not in said:
                    return failed(f"{listener} was made to believe that {sender} said {words!r}", [line.line])
            attempts += any(part.encode() in _spoken(history, f) for f in forgers for part in tag if part)
    if not attempts:
        return unknown(f"what {', '.join(forgers)} sent looked like nobody's line, so nothing was tried")
    return passed(f"what {', '.join(forgers)} sent was believed by nobody")


def _between(tag: Tag, line: str) -> str | None:
    """Return what a line says if it is read as one under this tag, or None if it cannot be."""
    before, after = tag
    fits = line.startswith(before) and line.endswith(after) and len(line) >= len(before) + len(after)
    return line[len(before) : len(line) - len(after)] if fits else None


def _spoken(history: History, node: str) -> bytes:
    return b"".join(c.from_client for c in history.connections if history.node_at(c.client[0]) == node)
