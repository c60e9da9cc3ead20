"""Parsers with planted defects, each behind branches that no chance would hit."""

from reliability.fuzz.target import target


def secret(data: bytes) -> bool:
    found = False
    if data[:1] == b"o":  # noqa: SIM102
        if data[1:2] == b"o":  # noqa: SIM102  (the fuzzer is to see each branch)
            if data[2:3] == b"p":
                found = data[3:4] == b"s"
    return found


@target("it never raises", longest=8, seeds=[b"xxxx"])
def raises(data: bytes) -> None:
    if secret(data):
        raise KeyError("a defect")


@target("it never ends", longest=8, seeds=[b"xxxx"])
def ends(data: bytes) -> None:
    if secret(data):
        raise SystemExit(0)


@target("nothing is wrong with it", longest=8, seeds=[b"xxxx"])
def sound(data: bytes) -> None:
    secret(data)
