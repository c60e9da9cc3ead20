"""The fields of one packet as `tshark -T ek -e FIELD...` gives them: by name, and each as often as it stands there."""

HEADERS = frozenset(("eth", "ethertype", "ipv6.hopopts", "ipv6.dstopts", "ipv6.routing", "ipv6.fraghdr"))
"""What stands before, or between, the IP header and what the packet carries."""


class Layers:
    """The fields of one packet. Of a field that stands there several times, the outermost comes first."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        """Take the `layers` of a line."""
        self._fields = fields

    def each(self, field: str) -> list[str]:
        """Return all values of a field."""
        return self._fields.get(field.replace(".", "_"), [])

    def first(self, *fields: str) -> str | None:
        """Return the first value of the first of the fields that has one."""
        return next((value for field in fields for value in self.each(field)), None)

    def number(self, *fields: str) -> int | None:
        """Return the first value of the first of the fields that has one, as a number."""
        value = self.first(*fields)
        return None if value is None else int(value, 0)

    def bytes(self, *fields: str) -> bytes:
        """Return the first value of the first of the fields that has one, as bytes."""
        return bytes.fromhex((self.first(*fields) or "").replace(":", ""))

    @property
    def carried(self) -> str:
        """What the frame or, if it is one, the IP packet carries: `eth:ethertype:ip:pim:ip:udp:data` carries pim.

        What is quoted in an ICMP error, or stands in a PIM Register, is not what the packet is.
        """
        outer, *inner = [*self._stack, ""]
        return inner[0] if outer in ("ip", "ipv6") else outer

    @property
    def is_fragment(self) -> bool:
        """True of an IP fragment that does not make its packet whole: nobody can say yet what that carries."""
        parted = self.first("ip.flags.mf") in ("True", "1") or self.number("ip.frag_offset")
        return self.carried == "data" and (bool(parted) or ":ipv6.fraghdr" in (self.first("frame.protocols") or ""))

    @property
    def nested(self) -> bool:
        """True if there is an IP packet inside the IP packet: quoted by an ICMP error, or in a PIM Register."""
        return sum(name in ("ip", "ipv6") for name in self._stack) > 1

    @property
    def _stack(self) -> list[str]:
        return [name for name in (self.first("frame.protocols") or "").split(":") if name not in HEADERS]
