"""Two circuits of which both hosts chose the same label."""

from lab.history import History
from lab.switching.crossings import Circuit, crossings
from lab.switching.switched import Kind
from scenarios.switching.checks.circuits import calls
from scenarios.verdict import Verdict, at, check, failed, passed

PAIRS = (("h1", "h2"), ("h3", "h4"))
"""Who calls whom."""
HOST = "packet-host"


def words(here: str, there: str) -> str:
    """Return what one host says to another."""
    return f"said-by-{here}-to-{there}"


def both(history: History) -> list[Circuit]:
    """Return the two circuits. FailedError if one is missing."""
    return [calls(history, *pair)[0] for pair in PAIRS]


@check
def both_hosts_choose_the_same_label(history: History) -> Verdict:
    """On their own links both hosts have chosen the same label."""
    labels = {circuit.source: circuit.legs[0][2] for circuit in both(history)}
    told = ", ".join(f"{host} chose {label}" for host, label in labels.items())
    return passed(told) if len(set(labels.values())) == 1 else failed(told)


@check
def labels_differ_on_shared_links(history: History) -> Verdict:
    """On every link that both circuits go over, their labels differ."""
    one, other = ({leg[:2]: leg[2] for leg in circuit.legs} for circuit in both(history))
    shared = {f"{link[0]}-{link[1]}": (one[link], other[link]) for link in one if link in other}
    if not shared:
        return failed("they share no link")
    told = ", ".join(f"{link}: {' and '.join(map(str, labels))}" for link, labels in shared.items())
    return failed(told) if any(len(set(labels)) == 1 for labels in shared.values()) else passed(told)


@check
def each_host_gets_its_own_data(history: History) -> Verdict:
    """What is said over a circuit comes to the host at its other end, and to no other."""
    evidence = []
    for here, there in (*PAIRS, *(pair[::-1] for pair in PAIRS)):
        said = words(here, there)
        found = [c for c in crossings(history) if c.switched.kind is Kind.DATA and c.switched.payload == said.encode()]
        got = [c for c in found if c.receiver in history.nodes(HOST)]
        if [c.receiver for c in got] != [there]:
            return failed(f"{said!r} came to {', '.join(c.receiver for c in got) or 'nobody'}")
        showed = [host for host in history.nodes(HOST) if host != here and said in history.printed(host)]
        if showed != [there]:
            return failed(f"{said!r} was shown by {', '.join(showed) or 'nobody'}")
        evidence.append(at(got[0].packet))
    return passed(f"{len(evidence)} packets", evidence)
