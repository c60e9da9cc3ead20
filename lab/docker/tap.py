"""A tap as a container of its own: in the engine's network namespace, with NET_RAW and no other capability."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from docker.models.containers import Container

from lab.dissect import FIELDS
from lab.docker.errors import in_one_line
from lab.docker.streams import DockerStream

CAPTURE_FILE = "/tmp/capture.pcapng"  # noqa: S108  (in the tap's own container)
PROGRAM = Path(__file__).parents[1] / "tap_program.py"


def command(interface: str) -> list[str]:
    """Return the command that taps an interface of the engine's host."""
    return ["python3", "-c", PROGRAM.read_text(), "tap", interface, CAPTURE_FILE, *FIELDS]


def canary_command(text: str) -> list[str]:
    """Return the command that sends one canary frame from a container that is on one network."""
    return ["python3", "-c", PROGRAM.read_text(), "canary", "eth0", text]


class DockerTap:
    """A running tap container, and the stream of its program."""

    def __init__(self, container: Container, stream: DockerStream) -> None:
        """Take a container that was started with `command`."""
        self._container = container
        self._stream = stream

    def lines(self) -> Iterator[bytes]:
        """Yield what the tap program says, line by line, until it ends."""
        rest = b""
        while data := self._stream.read():
            *whole, rest = (rest + data).split(b"\n")
            yield from whole

    def order(self, line: str) -> None:
        """Give the tap program an order."""
        self._stream.write(line.encode() + b"\n")

    @in_one_line
    def collect(self, path: Path) -> None:
        """Copy the capture out of the container into `path`, and remove the container."""
        archive, _ = self._container.get_archive(CAPTURE_FILE)
        with tarfile.open(fileobj=io.BytesIO(b"".join(archive))) as tar:
            if member := tar.extractfile(Path(CAPTURE_FILE).name):
                path.write_bytes(member.read())
        self._stream.close()
        self._container.remove(force=True)
