"""A flow of datagrams by hand, whose way is broken and mended.

flow = Flow()                          the first packets have come on the short way
flow.cut() | flow.kill()               the link c-e, or the switch c
flow.takes("h1 a c", 3)                a packet that comes no further
flow.around()                          the next ones take the long way
flow.heal() | flow.start()
flow.after()                           the last ones take the short way again
check(flow.wire.history())
"""

from itertools import pairwise

from services.switching.header import Kind, Packet
from tests.unit.scenarios.switching.wires import Links

SHORT, LONG = "h1 a c e f h2", "h1 a b d f h2"
REPORT = "flow from h1: 9 of 12 came; lost 3-5; late 8"


class Flow:
    """A flow of twelve packets: 0 to 2 before the break, 3 to 5 lost, 6 to 8 around, 9 to 11 after; 8 is overtaken."""

    def __init__(self) -> None:
        self.wire = Links()
        self.takes(SHORT, 0, 1, 2)

    def takes(self, way: str, *sequences: int) -> None:
        """Let packets of the flow go a way, or a part of it."""
        nodes = way.split()
        for number in sequences:
            packet = Packet(Kind.DATAGRAM, "h1", "h2", sequence=number, payload=b"f1 12 768 ...", last=number == 11)
            for link in pairwise(nodes):
                self.wire.cross(*link, packet)

    def cut(self) -> None:
        self.wire.link_fault("c", "no longer hears e", "c", "e")
        self.wire.link_fault("e", "no longer hears c", "c", "e")

    def heal(self) -> None:
        self.wire.link_fault("e", "hears c again", "c", "e")
        self.wire.link_fault("c", "hears e again", "c", "e")

    def kill(self) -> None:
        self.wire.fault("c", "killed with SIGKILL")
        self.wire.exited("c", 137)

    def start(self) -> None:
        self.wire.node("c", "packet-switch")
        self.wire.vector("e", "c", e=0, f=1, h2=2)

    def around(self) -> None:
        self.takes(LONG, 6, 7)
        self.takes("h1 a b d", 8)

    def after(self, report: str = REPORT) -> None:
        self.takes(SHORT, 9)
        self.takes("d f h2", 8)
        self.takes(SHORT, 10, 11)
        self.wire.printed("h2", report)


def with_a_cut(report: str = REPORT) -> Flow:
    flow = Flow()
    flow.cut()
    flow.takes("h1 a c e", 3)
    flow.takes("h1 a c", 4)
    flow.takes("h1 a", 5)
    flow.around()
    flow.heal()
    flow.after(report)
    return flow


def with_a_restart() -> Flow:
    flow = Flow()
    flow.kill()
    flow.takes("h1 a c", 3, 4)
    flow.takes("h1 a", 5)
    flow.around()
    flow.start()
    flow.after()
    return flow
