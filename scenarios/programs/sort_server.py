"""A server that answers only when its client has ended its stream: it sends the lines back, sorted."""

import argparse
import socketserver


class Sort(socketserver.StreamRequestHandler):
    """One client: read to the end of its stream, then answer."""

    def handle(self) -> None:
        """Send the client's lines back in order."""
        self.wfile.writelines(sorted(self.rfile))


class Server(socketserver.ThreadingTCPServer):
    """A thread per client."""

    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    with Server(("", parser.parse_args().port), Sort) as server:
        server.serve_forever()
