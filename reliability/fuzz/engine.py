"""What an engine answers: values, output in frames, refusals; and what answers in its place."""

import json
from typing import Any

from lab.docker.api import Api, ApiError, unframed
from reliability.fuzz.shapes import varied
from reliability.fuzz.target import Pieces, one_line, target

VERSION: dict[str, Any] = {"ApiVersion": "1.47", "Components": [{"Name": "Engine"}]}
CONTAINERS = [{"Id": "1", "State": "running", "Labels": {"socklab.node": "alice"}}]


class Answering:
    """Takes the place of an engine: the same status and body for everything but the version."""

    def __init__(self, version: bytes, status: int, body: bytes) -> None:
        """Take the answers."""
        self._version, self._status, self._body = version, status, body

    def send(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        """Answer."""
        assert method in ("GET", "POST", "DELETE") and (body is None or isinstance(body, bytes))
        return (200, self._version) if path.startswith("/version") else (self._status, self._body)

    def close(self) -> None:
        """Close nothing."""


@target(
    "whatever an engine answers is a value, or an error in its own words",
    longest=400,
    seeds=[
        b"\0\0" + json.dumps(CONTAINERS).encode(),
        b"\0\1" + b'{"message": "no such container"}',
        b"\0\1" + b"502 Bad Gateway",
        b"\1\x32\0\xff\0\0{}",
        b"\0\0" + b"[" * 390,
    ],
    words=[b'{"message": ', b"null", b"{", b"["],
)
def answers(data: bytes) -> None:
    pieces = Pieces(data)
    version = json.dumps(varied(VERSION, pieces)).encode()
    status = (200, 404, 500, 204)[pieces.byte() % 4]
    body = pieces.rest()
    try:
        api = Api(Answering(version, status, body))
        assert status < 400 or not api.get("/containers/json", filters={"label": ["a"]})
        api.get("/containers/json", filters={"label": ["a"]})
        api.post("/containers/1/start")
    except ApiError as error:
        assert isinstance(str(error), str) and error.status in (0, 200, 204, 404, 500)
    else:
        one_line(str(api.get_bytes("/")))


def framed(output: bytes, stream: int = 1) -> bytes:
    """Return output as the engine frames it."""
    return bytes([stream, 0, 0, 0]) + len(output).to_bytes(4, "big") + output


@target(
    "framed output is what was framed, in the frames that it came in; no bytes take long",
    longest=300,
    seeds=[b"\1hello\2", b"\0" + framed(b"hello") + framed(b"you", 2), b"\xff"],
)
def frames(data: bytes) -> None:
    pieces = Pieces(data)
    if pieces.byte() % 2:
        parts = []
        while pieces:
            parts.append(pieces.part(20))
        assert unframed(b"".join(map(framed, parts))) == b"".join(parts)
    else:
        raw = pieces.rest()
        assert len(unframed(raw)) <= len(raw)
