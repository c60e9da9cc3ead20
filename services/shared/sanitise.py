r"""Text from others without the bytes that command a terminal.

A carriage return would let a sender write over the tag in front of its line, an escape sequence could do
anything. All of it works on a whole batch of lines at a time, never line by line.
"""

import re

_C0_AND_DEL = bytes(c for c in (*range(0x20), 0x7F) if c not in b"\t\n")
_VISIBLE = bytes.maketrans(_C0_AND_DEL, b"?" * len(_C0_AND_DEL))
# The C1 controls: as characters of UTF-8, and as bytes on their own, which 8-bit terminals obey. Decoding
# with "surrogateescape" tells the second kind from the same bytes inside a character: it turns them into
# U+DC80..U+DC9F.
_C1 = re.compile("[\x80-\x9f\udc80-\udc9f]")


def sanitise(batch: bytes) -> bytes:
    r"""Replace each control character by `?`; tab and newline stay, and CR LF becomes LF.

    The controls are C0 and DEL (ECMA-48, ISO 646) and C1 (ECMA-48). Bytes that are not UTF-8 stay as they
    are.
    """
    if b"\r" in batch:
        batch = batch.replace(b"\r\n", b"\n")
    batch = batch.translate(_VISIBLE)
    if batch.isascii():
        return batch
    text = batch.decode("utf-8", "surrogateescape")
    return _C1.sub("?", text).encode("utf-8", "surrogateescape")
