"""A listening socket that survives what `accept` can throw at it."""

import contextlib
import errno
import socket
import time

from services.shared.endpoint import Endpoint
from services.shared.output import say
from services.shared.tcp import reason, tune

_BACKLOG = 1024  # where the queue is full, who comes next waits a whole second: TCP tries again after that
# Without a free descriptor `accept` fails at once and the client stays in the backlog, so the next try would
# fail at once as well: a loop that eats a processor. Descriptors come back when clients leave, so a short
# wait is enough.
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_BACK_OFF_SECONDS = 0.1


class Listener:
    """A bound TCP socket; it refuses clients until `listen` is called."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Bind to `endpoint`; its port 0 takes any that is free. Raises OSError."""
        self.socket = socket.socket(socket.AF_INET6 if ":" in endpoint.host else socket.AF_INET, socket.SOCK_STREAM)
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.socket.bind(endpoint)
        except OSError:
            self.socket.close()
            raise
        self.endpoint = Endpoint(*self.socket.getsockname()[:2])
        self._exhausted = False

    def listen(self) -> None:
        """Let clients in."""
        self.socket.listen(_BACKLOG)

    def accept(self) -> tuple[socket.socket, Endpoint] | None:
        """Wait for a client; None when this one is gone already, or when no descriptor is free for it.

        In the second case it waits a moment before it returns, so it may be called in a loop.
        """
        try:
            connection, address = self.socket.accept()
        except OSError as error:
            if is_exhausted(error):
                if not self._exhausted:
                    say(f"cannot accept a client: {reason(error)}; trying again until one leaves")
                self._exhausted = True
                time.sleep(_BACK_OFF_SECONDS)
            return None
        self._exhausted = False
        with contextlib.suppress(OSError):  # it may be gone already, which whoever reads it will see
            tune(connection)
        return connection, Endpoint(*address[:2])

    def close(self) -> None:
        """Refuse clients from now on, those in the backlog too."""
        self.socket.close()


def is_exhausted(error: OSError) -> bool:
    """Tell whether something failed for want of descriptors or memory: that says nothing of who was to be reached."""
    return error.errno in _EXHAUSTED
