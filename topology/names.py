"""Names of labs, nodes and networks: what they may be.

A parser takes the raw YAML value and raises ValueError("what is wrong; what to do").
"""

import re
from typing import Any

from topology.errors import short

MOST_NAME = 40  # container and host names get a lab's name and a number around it, and end at 63

LABEL = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")
PROJECT = re.compile(r"[a-z0-9][a-z0-9_-]*")


def label(value: Any) -> str:
    """Parse the name of a node or a network: a DNS label, since nodes are reached by it."""
    name = text_of(value)
    if not LABEL.fullmatch(name) or len(name) > MOST_NAME or name == "localhost":
        raise ValueError(
            f"{short(value)} is no name for a node or network; take a letter, then letters, digits and dashes,"
            f" in lower case, at most {MOST_NAME}, and not localhost"
        )
    return name


def project(value: Any) -> str:
    """Parse the name of a lab, which Compose uses as its project name."""
    name = text_of(value)
    if not PROJECT.fullmatch(name) or len(name) > MOST_NAME:
        raise ValueError(
            f"{short(value)} is no name for a lab; take lower-case letters, digits, dashes and underscores,"
            f" a letter or digit first, at most {MOST_NAME}"
        )
    return name


def text_of(value: Any) -> str:
    """Parse a text."""
    if not isinstance(value, str):
        raise ValueError(f"{short(value)} is not text; put it in quotes")
    return value
