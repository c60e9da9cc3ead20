"""The engine's interface, with a stand-in that answers on a Unix socket."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from lab.docker import unix_socket as over_socket
from lab.docker.api import GONE, Api, ApiError, unframed
from lab.docker.errors import in_one_line
from lab.docker.nodes import DockerNodes
from lab.docker.unix_socket import DEFAULT_HOST, UnixSocket, unix_socket
from lab.errors import EngineError, LostEngineError, NoEngineError


class Answers(BaseHTTPRequestHandler):
    """Says what it was asked; /version, /nothing and /refuse have answers of their own, /hang-up has none."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if url.path.endswith("/hang"):
            self.rfile.read(1)  # until the client has had enough
        elif url.path.endswith("/hang-up"):
            self.close_connection = True
        elif url.path.endswith("/version"):
            self.answer(200, {"ApiVersion": "1.41"})
        elif url.path.endswith("/nothing"):
            self.send_response(204)
            self.end_headers()
        elif url.path.endswith("/refuse"):
            self.answer(GONE, {"message": "there is none"})
        else:
            self.answer(200, [self.command, url.path, parse_qs(url.query), body, threading.current_thread().name])

    do_POST = do_DELETE = do_GET  # noqa: N815  (names that http.server calls)

    def answer(self, status: int, value: object) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def address_string(self) -> str:
        return "here"

    def log_message(self, *words: object) -> None:
        pass


class Engine(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True


@pytest.fixture
def path(tmp_path: Path) -> Iterator[str]:
    with Engine(str(tmp_path / "s"), Answers) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield str(tmp_path / "s")
        server.shutdown()
        serving.join()


@pytest.fixture
def api(path: str) -> Iterator[Api]:
    api = Api(UnixSocket(path))
    yield api
    api.close()


def test_requests_are_of_the_version_that_the_engine_speaks(api: Api) -> None:
    assert api.get("/networks")[:2] == ["GET", "/v1.41/networks"]


def test_filters_travel_as_json_and_a_body_too(api: Api) -> None:
    method, _, query, body, _ = api.post("/x", {"a": [1]}, filters={"label": ["l=1"]}, all=1)
    assert (method, query, body) == ("POST", {"filters": ['{"label": ["l=1"]}'], "all": ["1"]}, '{"a": [1]}')


def test_an_answer_with_nothing_in_it_is_none(api: Api) -> None:
    assert api.post("/nothing") is None


def test_a_refusal_has_the_engines_words_and_status(api: Api) -> None:
    with pytest.raises(ApiError, match=r"^there is none$") as caught:
        api.delete("/refuse")
    assert caught.value.status == GONE


def test_a_thread_keeps_its_connection_and_shares_it_with_none(api: Api) -> None:
    first, again = api.get("/x")[-1], api.get("/x")[-1]
    of_another: list[str] = []
    other = threading.Thread(target=lambda: of_another.append(api.get("/x")[-1]))
    other.start()
    other.join()
    assert first == again
    assert of_another != [first]


def test_after_a_lost_connection_there_is_a_new_one(api: Api) -> None:
    with pytest.raises(ApiError, match="no answer from the engine at ") as caught:
        api.get("/hang-up")
    assert caught.value.status == 0
    assert api.get("/x")[0] == "GET"


def test_an_engine_that_hangs_is_waited_for_once(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over_socket, "WITHIN", 0.05)
    sender = UnixSocket(path)
    with pytest.raises(ApiError, match="timed out"):
        sender.send("GET", "/hang", None)
    assert sender._within == over_socket.IMPATIENT
    assert sender.send("GET", "/x", None)[0] == 200
    sender.close()


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (
            ApiError(0, "no answer\nat all"),
            LostEngineError,
            r"^the Docker engine stopped answering \(no answer at all\)$",
        ),
        (requests.ConnectionError("refused"), LostEngineError, r"^the Docker engine stopped answering \(refused\)$"),
        (ApiError(500, "no"), EngineError, "^Docker did not do `ask`: no$"),
        (
            ApiError(500, "write x: no space left on device"),
            EngineError,
            r"device there; `docker system df` tells what",
        ),
    ],
)
def test_whether_it_refused_or_was_lost_is_told(error: Exception, kind: type[Exception], words: str) -> None:
    @in_one_line
    def ask() -> None:
        raise error

    with pytest.raises(EngineError, match=words) as caught:
        ask()
    assert type(caught.value) is kind


def test_without_an_engine_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody")
    with pytest.raises(NoEngineError, match=r"^No Docker engine answers, .* make up$"):
        DockerNodes("x")


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("", DEFAULT_HOST.removeprefix("unix://")),
        ("unix:///run/user/1000/docker.sock", "/run/user/1000/docker.sock"),
        ("tcp://127.0.0.1:2375", None),
        ("ssh://lab@host", None),
    ],
)
def test_who_else_than_a_socket_of_this_host_is_left_to_the_sdk(
    host: str, path: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", host)
    assert unix_socket() == path


def test_frames_are_taken_off_what_a_command_printed() -> None:
    assert unframed(b"\1\0\0\0\0\0\0\3one\2\0\0\0\0\0\0\2 2") == b"one 2"
    assert unframed(b"") == b""


class Says:
    """An engine, or what is in its place, that says the same to everything."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = [*answers]

    def send(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        return 200, self._answers.pop(0)

    def close(self) -> None:
        pass


@pytest.mark.parametrize("version", [b"", b"<html>", b"[]", b"5", b"{}", b"[" * 100_000])
def test_what_is_no_engine_is_told_to_be_none(version: bytes) -> None:
    with pytest.raises(ApiError, match="no engine"):
        Api(Says(version))


def test_an_answer_that_is_no_json_is_an_error_of_the_engine() -> None:
    api = Api(Says(b'{"ApiVersion": "1.41"}', b"502 Bad Gateway", b"[" * 100_000))
    with pytest.raises(ApiError, match="502 Bad Gateway"):
        api.get("/containers/json")
    with pytest.raises(ApiError, match="an answer that is no engine's"):
        api.post("/containers/create")


def test_output_in_a_great_many_frames_is_put_together() -> None:
    frame = bytes([1, 0, 0, 0, 0, 0, 0, 1])
    assert unframed((frame + b"x") * 300_000) == b"x" * 300_000
