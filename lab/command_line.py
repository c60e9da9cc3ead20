"""The words that `python -m lab` takes: each verb, and what it is told. What they do is in __main__.py."""

import argparse
from collections.abc import Callable, Mapping


def command_line(description: str | None, verbs: Mapping[str, Callable[..., None]]) -> argparse.ArgumentParser:
    """Return the parser; what it reads has the word as `verb`, what that calls as `run`, and the rest for that."""
    line = argparse.ArgumentParser(
        prog="python -m lab", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words = line.add_subparsers(metavar="VERB", required=True)
    parsers: dict[str, argparse.ArgumentParser] = {}
    for word, run in verbs.items():
        parser = parsers[word] = words.add_parser(word, help=run.__doc__, description=run.__doc__, allow_abbrev=False)
        parser.set_defaults(verb=word, run=run)
        parser.add_argument("--name", help="the lab's name, where it is not clear")

    begin = parsers["up"]
    begin.add_argument("--topology", default="lab", help="a name in topology/, or the path of a file")
    begin.add_argument("--forwarders", help="the length of the chain")
    begin.add_argument("--base", help="where its subnets are, such as 10.99.0.0/16")
    for word in ("attach", "shell", "threads"):
        parsers[word].add_argument("node", metavar="NODE", help="a node's name, as `status` lists them")
    for word in ("logs", "tables"):
        parsers[word].add_argument("node", metavar="NODE", nargs="?", help="one node; all, if it is not given")
    parsers["threads"].add_argument("--once", action="store_true", help="print them once, on a terminal, too")
    broken = parsers["fault"]
    broken.add_argument("kind", metavar="KIND", help="what to do; a wrong one lists them")
    broken.add_argument("node", metavar="NODE", help="the node that it is done to")
    broken.add_argument("--peer", help="only packets between NODE and this one")
    broken.add_argument("--amount", help="how much: 20%%, 100ms~20ms, 1mbit")
    broken.add_argument("--way", help="in or out of NODE, or both, which it is if it is left out")
    broken.add_argument("--network", help="the one that NODE is cut off, if not all")
    record = parsers["capture"]
    record.add_argument("--network", help="which network, where there are several")
    record.add_argument("--file", help="a pcapng file to write; - for standard output")
    return line
