"""Subnets for a lab of its own: of several that are made at the same time on a machine, each gets others.

    what is in use ──► a base beside it, claimed ──► the lab's networks are made ──► the claim ends
                         └── so nobody else takes it before that

All checkouts and users of a machine share its engine, so a claim has to be one for all of them, and must not outlive
its process. A UDP port of the loopback is both: whoever has bound it has claimed the base of that number.
"""

import contextlib
import ipaddress
import socket
from collections.abc import Iterator

from lab.docker import subnets_in_use
from lab.errors import LabError

BASES = [ipaddress.IPv4Network((f"10.{second}.0.0", 16)) for second in range(85, 250)]
"""Where the subnets of scenario labs are taken from. Those of the default lab and of casts are not among them."""
FIRST_PORT = 20085
"""Claims the first of the bases, the next port the next one. Systems give such low ports to nobody who does not ask."""


@contextlib.contextmanager
def free_base() -> Iterator[str]:
    """Name a base that no network of the engine overlaps; nobody else is told the same while the block lasts."""
    taken = subnets_in_use()
    for number, base in enumerate(BASES):
        if _is_free(base, taken):
            with _claim(FIRST_PORT + number) as claimed:
                # Who had it before us may have made networks since we looked.
                if claimed and _is_free(base, subnets_in_use()):
                    yield str(base)
                    return
    raise LabError(f"every subnet from {BASES[0]} to {BASES[-1]} is in use; remove labs with `make clean`")


def _is_free(base: ipaddress.IPv4Network, taken: list[ipaddress.IPv4Network]) -> bool:
    return not any(base.overlaps(subnet) for subnet in taken)


@contextlib.contextmanager
def _claim(port: int) -> Iterator[bool]:
    """Hold a port of the loopback while the block lasts; False if somebody else does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as claim:
        try:
            claim.bind(("127.0.0.1", port))
        except OSError:
            claimed = False
        else:
            claimed = True
        yield claimed
