"""A host: one line to its switch, or to another host; what a person types goes out, what comes in is shown.

    typed -> words.parse -> send, message, flow, raw ----> line
                         '-> call, say, release -> calls --^
    line  -> decode ------> DATAGRAM to us --> a text is shown; of messages and flows it is noted what came
                         '-> circuit kinds --> calls

It forwards nothing, and answers nothing by itself but what keeps circuits. Its vectors say where it is. It does no I/O;
`loop` runs it on a socket, and the tests on simulated time.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from enum import Enum, auto
from functools import partial

from services.switching import commands, words
from services.switching.arrivals import Arrivals
from services.switching.calls import MOST_CALLS, Call, Calls, Came, Event
from services.switching.calls import State as CallState
from services.switching.header import BadPacketError, Kind, Packet, decode, encode
from services.switching.line import Line
from services.switching.routing import PERIOD, DistanceVector, Vector, pack_vector, unpack_vector
from services.switching.sending import Send, Sendings
from services.switching.transfers import Sort, transfer_of
from services.switching.words import MistakeError

QUIET_SECONDS = 3.0  # longer than a network takes to find another way
_FAREWELL_SECONDS = 2.0


class State(Enum):
    """Whether the host is there."""

    HERE = auto()
    LEAVING = auto()  # its last packets are still to go
    LEFT = auto()


class Host:
    """Messages, flows and circuits of one node at the edge of the network."""

    def __init__(
        self,
        name: str,
        line: Line,
        show: Callable[[str], None],
        left: Callable[[], None],
        period: float = PERIOD,
        quiet: float = QUIET_SECONDS,
        circuits: int = MOST_CALLS,
    ) -> None:
        """`show` is given each line that a person should see; `left` is called once, when nothing is left to do.

        `quiet` is how long nothing may come of a transfer before it is over, `circuits` how many there may be.
        """
        self.name = name
        self.lines = {line.name: line}
        self._line = line
        self._show = show
        self._left = left
        self._state = State.HERE
        self._leave_by = 0.0
        self._presence = DistanceVector(name, {line.name: line.cost}, period)
        self._is_neighbour_there = False  # that is, hears us
        self._calls = Calls(name, line, circuits)
        self._arrivals = Arrivals(quiet)
        self._sendings = Sendings(show)
        self._texts = Counter[str | Call]()  # sent so far, by where to

    # What a person types

    def typed(self, now: float, text: bytes) -> None:
        """Do what a line says. Raises MistakeError, having done nothing, when that cannot be done."""
        match words.parse(text):
            case commands.Send(destination, said):
                self._send_text(now, destination, said, partial(self._send_datagram, destination))
            case commands.Message(destination, size, packets):
                send = partial(self._send_datagram, destination)
                self._sendings.begin(now, f"message to {destination}", Sort.MESSAGE, size, packets, 0, send)
            case commands.Flow(str(destination), packets, gap, size):
                send = partial(self._send_datagram, destination)
                self._sendings.begin(now, f"flow to {destination}", Sort.FLOW, packets * size, packets, gap, send)
            case commands.Flow(int(number), packets, gap, size):
                call = self._open_call(number)
                send = partial(self._send_data, call)
                self._sendings.begin(now, f"flow over {call}", Sort.FLOW, packets * size, packets, gap, send, call)
            case commands.Stop():
                self._sendings.stop()
            case commands.Call(destination, rate):
                self._tell(now, self._calls.call(now, destination, rate))
            case commands.Say(number, said):
                call = self._open_call(number)
                self._send_text(now, call, said, partial(self._send_data, call))
            case commands.Release(number):
                self._tell(now, self._calls.release(now, self._call(number)))
            case commands.Circuits():
                listed = [_described(call) for call in self._calls.calls()]
                self._show("\n".join(listed) or "there are no circuits")
            case commands.Raw(data):
                self._note_drop(self._line.offer(now, data))
            case commands.Help():
                self._show("\n".join(words.summary()))
            case commands.Exit():
                self._leave(now)

    def _call(self, number: int) -> Call:
        call = self._calls.find(number)
        if call is None:
            raise MistakeError(f"there is no circuit {number}: type `circuits` to see those that there are")
        return call

    def _open_call(self, number: int) -> Call:
        call = self._call(number)
        if call.state is not CallState.OPEN:
            raise MistakeError(f"{call} is not open yet: wait until it is, or type `release {number}` to give up")
        return call

    def _leave(self, now: float) -> None:
        """Release all circuits, and be gone as soon as the last packet is."""
        for call in self._calls.calls():
            self._tell(now, self._calls.release(now, call))
        self._state = State.LEAVING
        self._leave_by = now + _FAREWELL_SECONDS

    # What comes in

    def receive(self, now: float, line: str, data: bytes) -> None:
        """Take in what came on the line."""
        if self._state is not State.HERE:
            return
        try:
            self._take(now, decode(data))
        except BadPacketError as error:
            self._show(f"dropped a packet from {line}: {error.flaw}")

    def _take(self, now: float, packet: Packet) -> None:
        if packet.kind is Kind.VECTOR:
            self._take_vector(now, unpack_vector(packet.payload))
        elif packet.kind is not Kind.DATAGRAM:
            self._tell(now, self._calls.receive(now, packet))
        elif packet.destination == self.name:
            self._take_payload(now, packet.source, packet)

    def _take_vector(self, now: float, vector: Vector) -> None:
        """Note that the neighbour is there. Only its vectors count: one with a fixed table may be silent for long.

        Of what it can reach, only itself is learned: poisoned reverse then names it in our own vector, at infinity. So
        either of two neighbours sees when the other hears it.
        """
        self._presence.hear(now, self._line.name, {self._line.name: 0})
        if self._presence.heard_from(now, self._line.name):
            self._show(f"{self._line.name} is back")
        if self.name in vector and not self._is_neighbour_there:
            self._is_neighbour_there = True
            self._show(f"{self._line.name} is there")

    def _take_payload(self, now: float, source: str, packet: Packet) -> None:
        """Show a text, or note a packet of a message or a flow."""
        transfer = transfer_of(packet.payload)
        if transfer is None:
            text = packet.payload.decode(errors="replace").replace("\n", "?")
            self._show(f"{source} #{packet.sequence}: {text}")
        elif report := self._arrivals.take(now, source, transfer, packet):
            self._show(report)

    def _tell(self, now: float, events: Iterable[Event]) -> None:
        """Show what became of circuits, and what came over them."""
        for event in events:
            if isinstance(event, Came):
                self._take_payload(now, event.call.peer, event.packet)
            else:
                self._show(str(event))
                if event.call.state is CallState.ENDED:
                    self._sendings.give_up(event.call)
                    self._texts.pop(event.call, None)

    # What is due

    def tick(self, now: float) -> None:
        """Do what is due by now."""
        if self._state is State.LEAVING and (self._line.due() is None or self._leave_by <= now):
            self._state = State.LEFT
            self._left()
        if self._state is not State.HERE:
            return
        for line in self._presence.expire(now):
            self._show(f"{line} is lost: nothing comes from there any more")
            self._tell(now, self._calls.neighbour_gone(now))
        for vector in self._presence.vectors(now).values():
            self._offer(now, Packet(Kind.VECTOR, source=self.name, payload=pack_vector(vector)))
        self._tell(now, self._calls.tick(now))
        self._sendings.tick(now)
        for report in self._arrivals.over(now):
            self._show(report)

    def due(self) -> float | None:
        """Return when `tick` wants to be called next, if ever."""
        if self._state is State.LEFT:
            return None
        if self._state is State.LEAVING:
            return min(self._line.due() or 0.0, self._leave_by)
        times = [self._presence.due(), self._calls.due(), self._sendings.due(), self._arrivals.due()]
        return min(due for due in times if due is not None)

    # What goes out

    def _send_text(self, now: float, to: str | Call, text: bytes, send: Send) -> None:
        self._note_drop(send(now, text, self._texts[to], True))
        self._texts[to] += 1

    def _send_datagram(self, destination: str, now: float, payload: bytes, sequence: int, last: bool) -> bool:
        packet = Packet(Kind.DATAGRAM, self.name, destination, sequence=sequence, payload=payload, last=last)
        return self._offer(now, packet)

    def _send_data(self, call: Call, now: float, payload: bytes, sequence: int, last: bool) -> bool:
        return self._calls.send(now, call, payload, sequence, last)

    def _offer(self, now: float, packet: Packet) -> bool:
        return self._line.offer(now, encode(packet), urgent=packet.kind.is_urgent)

    def _note_drop(self, is_sent: bool) -> None:
        if not is_sent:
            self._show("not sent: the queue of the line is full")


def _described(call: Call) -> str:
    return f"{call}: {call.state}" + (f", {call.rate} bit/s reserved" if call.rate else "")
