"""The engine's HTTP interface, as far as a lab is brought up and taken down by it.

    Api ──► a Sender ──► UnixSocket: a Unix socket of this host, by the standard library's HTTP
                    └──► SdkSession: wherever else DOCKER_HOST leads (tcp, ssh, TLS), by the SDK's session

The SDK could do all of this, too. But its import takes longer than all that a small lab asks for, and people wait for
it. What is a stream is left to it.
"""

import json
from typing import Any, Protocol
from urllib.parse import urlencode

GONE = 404
"""The status of what is not there."""
CONFLICT = 409
"""The status of what cannot be now, as a command in a container that does not run."""


class ApiError(Exception):
    """The engine refused a request, in its own words; or there was no answer, then the status is 0."""

    def __init__(self, status: int, words: str) -> None:
        """Keep the HTTP status."""
        super().__init__(words)
        self.status = status


class Sender(Protocol):
    """What carries requests to an engine."""

    def send(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        """Send a request, with a body of JSON; return the status and the body of the answer."""

    def close(self) -> None:
        """Let go of the engine."""


class Api:
    """Requests to the engine, from any number of threads. They raise ApiError."""

    def __init__(self, sender: Sender) -> None:
        """Ask which version of the interface the engine speaks, and speak that one."""
        self._sender = sender
        self._version = ""
        try:
            self._version = f"/v{self.get('/version')['ApiVersion']}"
        except (TypeError, KeyError):
            raise ApiError(0, "what answers is no engine: it does not say its version") from None

    def get(self, path: str, **query: Any) -> Any:
        """Return the value that is found at a path."""
        return _value(self.get_bytes(path, **query))

    def get_bytes(self, path: str, **query: Any) -> bytes:
        """Return what is found at a path, as it is."""
        return self._ask("GET", path, query)

    def post(self, path: str, body: Any = None, **query: Any) -> Any:
        """Have something made or done; return what is said of it, None if nothing is."""
        said = self.post_bytes(path, body, **query)
        return _value(said) if said else None

    def post_bytes(self, path: str, body: Any = None, **query: Any) -> bytes:
        """Have something done; return the answer as it is."""
        return self._ask("POST", path, query, b"" if body is None else json.dumps(body).encode())

    def delete(self, path: str, **query: Any) -> None:
        """Have something removed."""
        self._ask("DELETE", path, query)

    def close(self) -> None:
        """Let go of the engine."""
        self._sender.close()

    def _ask(self, method: str, path: str, query: dict[str, Any], body: bytes | None = None) -> bytes:
        words = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in query.items()}
        status, said = self._sender.send(method, f"{self._version}{path}?{urlencode(words)}", body)
        if status >= 400:
            raise ApiError(status, _message(said))
        return said


def unframed(data: bytes) -> bytes:
    """Return what a command printed, of the frames that the engine puts it in: which stream, size, bytes."""
    printed, at = [], 0
    while at < len(data):
        end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "big")
        printed.append(data[at + 8 : end])
        at = end
    return b"".join(printed)


def _value(said: bytes) -> Any:
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        raise ApiError(0, f"an answer that is no engine's: {said[:60]!r}") from None


def _message(said: bytes) -> str:
    try:
        return str(json.loads(said)["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return said.decode("utf-8", "replace").strip()
