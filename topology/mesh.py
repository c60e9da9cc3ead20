"""A topology of any number of packet switches, written out: a ring, some chords across it, two hosts far apart.

      ┌─ s2 ── s3 ─┐          The ring gives two ways from every switch to every other; chords, s2 - s4 and s3 - s5
h1 ── s1          s4 ── h2    here, give more. They are drawn by lot, the same for the same number of switches.
      └─ s6 ── s5 ─┘
"""

from random import Random

MOST = 100  # switches; with more, some would be further apart than 16, which is infinity

_HEAD = """\
# yaml-language-server: $schema=topology.schema.json
# {switches} packet switches, in a ring with chords across it, and a host at either end.
#
# `python -m topology mesh {switches} --name {name}` prints this file.
name: {name}
base: 10.86.0.0/16

networks:
  wire: {{subnet: 10.86.0.0/24}}

nodes:
  h: {{role: packet-host, count: 2}}
  s: {{role: packet-switch, count: {switches}}}

links:
"""


def text(switches: int, name: str) -> str:
    """Return a topology file; the same number gives the same links."""
    ring = [(number, number % switches + 1) for number in range(1, switches + 1)] if switches > 2 else [(1, 2)]
    ends = [("h1", "s1"), *((f"s{one}", f"s{other}") for one, other in ring + chords(switches))]
    ends.append((f"s{switches // 2 + 1}", "h2"))
    lines = [f"  - {{between: [{one}, {other}]}}\n" for one, other in ends]
    return _HEAD.format(switches=switches, name=name) + "".join(lines)


def chords(switches: int) -> list[tuple[int, int]]:
    """Return which switches are joined across the ring: at most a third as many as switches, no two at one of them.

    None spans more than a quarter of the ring, so that what is on its other side stays far away.
    """
    free = list(range(1, switches + 1))
    dice = Random(switches)  # noqa: S311 - nothing secret; of it only random() is the same in every Python
    found: list[tuple[int, int]] = []

    def drawn(of: list[int]) -> int:
        return of[int(dice.random() * len(of))]

    for _ in range(switches // 3):
        one = drawn(free)
        near = [other for other in free if 2 <= _steps(one, other, switches) <= switches // 4 + 1]
        if near:
            other = drawn(near)
            found.append((min(one, other), max(one, other)))
            free = [number for number in free if number not in (one, other)]
    return sorted(found)


def _steps(one: int, other: int, switches: int) -> int:
    """Return how far apart two switches are on the ring, the shorter way round."""
    return min(abs(one - other), switches - abs(one - other))
