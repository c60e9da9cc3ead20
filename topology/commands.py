"""What a node runs: its role's flags filled in, changed by its args, as the words of one command line."""

from collections.abc import Mapping
from itertools import pairwise

from topology.expand import Draft
from topology.source import Report

_IDLE = ("sleep", "infinity")  # a host


def port(draft: Draft, report: Report) -> int | None:
    """Return the port that a node listens on: its role's, or what its args say."""
    role = draft.spec.role
    flag = next((flag for flag, value in role.flags if value == "{port}"), None)
    if flag is None:
        return role.port
    said = _setting(draft, flag)
    if said is None:
        return role.port
    number = said.rpartition(":")[2]
    if not (number.isascii() and number.isdecimal() and 0 < int(number[:6]) <= 65535):
        report.add(
            (*draft.where, "args", flag),
            f"{draft.entry} cannot listen on {said!r}",
            "give a port from 1 to 65535",
        )
        return role.port
    return int(number)


def command(draft: Draft, values: Mapping[str, str | tuple[str, ...] | None], report: Report) -> tuple[str, ...]:
    """Return the words that start a node's program.

    A flag whose placeholder has no value is left out; one that has several is given for each.
    """
    role, spec = draft.spec.role, draft.spec
    if spec.program is not None:
        start: tuple[str, ...] = ("python3", f"/program/{spec.program.name}")
    elif role.module is not None:
        start = ("python3", "-m", role.module)
    else:
        if spec.args:
            report.add(
                (*draft.where, "args"),
                f"{draft.entry} is a {role.name} and runs no program",
                "give it a `program`",
            )
        return _IDLE
    if isinstance(spec.args, tuple):
        return (*start, *spec.args)
    flags: dict[str, tuple[str | None, ...]] = {}
    for flag, template in role.flags:
        value = values[template.strip("{}")]
        if value is not None:
            flags[flag] = value if isinstance(value, tuple) else (value,)
    flags.update({flag: (value,) for flag, value in (spec.args or {}).items()})
    given = [(flag, value) for flag, several in flags.items() for value in several]
    words = [word for flag, value in given for word in (f"--{flag}", value) if word is not None]
    return (*start, *words)


def group(draft: Draft, flag: str, default: str | None) -> str | None:
    """Return the multicast group, HOST:PORT, that a flag of a node names."""
    return _setting(draft, flag) or default


def _setting(draft: Draft, flag: str) -> str | None:
    """Return what the args of a node say for a flag, however they are written."""
    args = draft.spec.args
    if not isinstance(args, tuple):
        return (args or {}).get(flag)
    for word, following in pairwise((*args, "")):
        name, equals, value = word.partition("=")
        if name == f"--{flag}":
            return value if equals else following or None
    return None
