"""The Docker SDK: for streams and events; and for all requests where the engine is not at a Unix socket of this host.

It is imported when it is first needed, and bringing a lab up or down where most people do so needs none of it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docker import DockerClient


def connect() -> "DockerClient":
    """Connect to the engine that the environment names. DockerException if none answers."""
    import docker

    return docker.from_env(max_pool_size=64, timeout=60)


class SdkSession:
    """Sends the requests of `Api` through the SDK's session, which knows TCP, TLS and SSH."""

    def __init__(self, client: "DockerClient") -> None:
        """Send through the session of `client`."""
        self._session: Any = client.api

    def send(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        """Send a request; return the status and body of the answer. requests.RequestException if none comes."""
        session = self._session
        headers = {"Content-Type": "application/json"} if body else {}
        answer = session.request(
            method, f"{session.base_url}{path}", data=body, headers=headers, timeout=session.timeout
        )
        return answer.status_code, answer.content

    def close(self) -> None:
        """Close the session."""
        self._session.close()
