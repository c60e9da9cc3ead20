"""What a program holds of its system, from the texts of /proc (see threads/proc_program.py): to see what it leaks.

task/*              threads
fd/*                descriptors; sockets are those of them that lead to one
task/PID/status     RssAnon and RssShmem: memory of its own. Code and libraries, which it shares, do not count
"""

import re
from collections.abc import Mapping

_KIB = 1024
_OWN = re.compile(r"^Rss(?:Anon|Shmem):\s+(\d+) kB$", re.MULTILINE)


def threads(texts: Mapping[str, str]) -> int:
    """Count the threads of all processes of a node."""
    return sum(bool(re.fullmatch(r"\d+/task/\d+/status", path)) for path in texts)


def descriptors(texts: Mapping[str, str]) -> int:
    """Count the open descriptors, sockets among them."""
    return len(_links(texts))


def sockets(texts: Mapping[str, str]) -> int:
    """Count the descriptors that lead to a socket."""
    return sum(link.startswith("socket:") for link in _links(texts))


def memory(texts: Mapping[str, str]) -> int:
    """Return the bytes of memory that the processes of a node have for themselves."""
    # Each thread tells of the whole process: the one with the process's own number is there as long as it is.
    whole = [text for path, text in texts.items() if re.fullmatch(r"(\d+)/task/\1/status", path)]
    return _KIB * sum(int(size) for text in whole for size in _OWN.findall(text))


def _links(texts: Mapping[str, str]) -> list[str]:
    return [text for path, text in texts.items() if re.fullmatch(r"\d+/fd/\d+", path)]
