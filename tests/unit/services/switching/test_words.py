from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.switching.commands import (
    Call,
    Circuits,
    Command,
    Exit,
    Flow,
    Help,
    Message,
    Raw,
    Release,
    Say,
    Send,
    Stop,
)
from services.switching.words import MistakeError, parse, summary


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        (b"send h2 good  morning", Send("h2", b"good  morning")),
        (b"  send   h2   hi  ", Send("h2", b"hi")),
        (b"send h2 \xc3\xa4 \xff", Send("h2", b"\xc3\xa4 \xff")),
        (b"message h2 4000 5", Message("h2", 4000, 5)),
        (b"message h2 60000 1", Message("h2", 60000, 1)),
        (b"message h2 24000 1000", Message("h2", 24000, 1000)),
        (b"flow h2 200 0.01", Flow("h2", 200, 0.01, 64)),
        (b"flow h2 100000 0 1000", Flow("h2", 100_000, 0.0, 1000)),
        (b"flow 3 200 1 24", Flow(3, 200, 1.0, 24)),
        (b"stop", Stop()),
        (b"call h2", Call("h2", 0)),
        (b"call h2 64000", Call("h2", 64_000)),
        (b"say 1 good morning", Say(1, b"good morning")),
        (b"release 12", Release(12)),
        (b"raw 11 20 0008", Raw(bytes.fromhex("11200008"))),
        (b"circuits", Circuits()),
        (b"help", Help()),
        (b"exit ", Exit()),
        (b"", None),
        (b" \t", None),
    ],
)
def test_what_is_typed_is_a_command(typed: bytes, command: Command | None) -> None:
    assert parse(typed) == command


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (b"sned h2 hi", "there is no command `sned`: type `help` to see those that there are"),
        (b"SEND h2 hi", "there is no command `SEND`: type `help`"),
        (b"send", "HOST and TEXT are missing; type `send HOST TEXT`, as in `send h2 good morning`"),
        (b"send h2", "TEXT is missing; type `send HOST TEXT`"),
        (b"send H2 hi", "HOST `H2` is no name of a node: those have 1 to 8 of a-z, 0-9 and -; type `send HOST"),
        (b"send " + b"h" * 9 + b" hi", "is no name of a node"),
        (b"send h2 " + b"x" * 64_977, "TEXT has 64977 bytes, and a packet at most 64976"),
        (b"message h2 4000", "PACKETS is missing; type `message HOST BYTES PACKETS`, as in `message h2 4000 5`"),
        (b"message h2 4000 0", "PACKETS '0': give a whole number from 1 to 1000"),
        (b"message h2 24001 1001", "PACKETS '1001': give a whole number from 1 to 1000"),
        (b"message h2 119 5", "BYTES '119': give a whole number from 120 to 324880"),
        (b"message h2 64977 1", "BYTES '64977': give a whole number from 24 to 64976"),
        (b"message h2 4000 5 6", "`6` is too much; type `message HOST BYTES PACKETS`"),
        (b"flow h2 many 0.1", "COUNT 'many': give a whole number from 1 to 100000; type `flow HOST|N COUNT"),
        (b"flow h2 200 -1", "GAP '-1': give seconds, from 0 to 1"),
        (b"flow h2 200 nan", "GAP 'nan': give seconds"),
        (b"flow h2 200 0.1 23", "BYTES '23': give a whole number from 24 to 64976"),
        (b"flow 0 200 0.1", "N '0': give a whole number from 1 to 65535"),
        (b"flow \xd9\xa3 200 0.1", "N '\u0663': give a whole number"),
        (b"call", "HOST is missing; type `call HOST [RATE]`, as in `call h2`"),
        (b"call h2 fast", "RATE 'fast': give a whole number from 0 to 4294967295"),
        (b"say h2 hi", "N 'h2': give a whole number from 1 to 65535; type `say N TEXT`, as in `say 1 good morning`"),
        (b"release", "N is missing; type `release N`, as in `release 1`"),
        (b"raw", "HEX is missing; type `raw HEX`"),
        (b"raw 123", "HEX has two hexadecimal digits for each byte; type `raw HEX`, as in `raw 11 20 00 08`"),
        (b"raw xyz", "HEX has two hexadecimal digits for each byte"),
        (b"raw " + b"00" * 65_001, "HEX has 65001 bytes, and a packet at most 65000"),
        (b"circuits 1", "`1` is too much; type `circuits`"),
        (b"exit now", "`now` is too much; type `exit`"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_type_instead(typed: bytes, says: str) -> None:
    with pytest.raises(MistakeError, match=re.escape(says)) as mistake:
        parse(typed)
    assert re.search(r"type `[^`]+`", str(mistake.value))
    assert "\n" not in str(mistake.value)


WORD = st.sampled_from(["send", "message", "flow", "stop", "call", "say", "release", "circuits", "raw", "help", "exit"])
WORD |= st.sampled_from(["h2", "1", "0", "-1", "0.1", "4000", "5", "\u0663", "\u00b2", "nan", "ff"])


@given(st.lists(WORD | st.text(max_size=5), max_size=6) | st.binary(max_size=40))
def test_whatever_is_typed_is_a_command_or_a_mistake(typed: list[str] | bytes) -> None:
    line = typed if isinstance(typed, bytes) else " ".join(typed).encode("utf-8", "surrogatepass")
    try:
        parse(line)
    except MistakeError as mistake:
        assert "type `" in str(mistake)


def test_the_summary_has_every_command_with_an_example_that_can_be_typed() -> None:
    names = [line.split()[0] for line in summary()]
    assert names == ["send", "message", "flow", "stop", "call", "say", "release", "circuits", "raw", "help", "exit"]
    for name in names:
        with pytest.raises(MistakeError) as mistake:
            parse(f"{name} a b c d e f".encode() if name not in ("send", "say", "raw") else name.encode())
        example = re.search(r"as in `(.+)`$", str(mistake.value))
        assert parse(example[1].encode() if example else name.encode())


def test_a_number_of_thousands_of_digits_is_a_mistake_like_any_other() -> None:
    with pytest.raises(MistakeError, match="give a whole number from 1 to 100000"):
        parse(b"flow h2 " + b"1" * 5000 + b" 0")
