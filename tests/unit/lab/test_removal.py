"""Removing containers, of an engine on paper."""

from typing import Any

import pytest

from lab.docker.api import GONE, Api, ApiError
from lab.docker.removal import remove_container


class Paper:
    """Carries requests to an engine that answers so, one after the other."""

    def __init__(self, *answers: tuple[int, str]) -> None:
        self.asked: list[tuple[str, str]] = []
        self._answers = [(200, '{"ApiVersion": "1.41"}'), *answers]

    def send(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        self.asked.append((method, path.partition("?")[0]))
        status, said = self._answers.pop(0)
        return status, said.encode()

    def close(self) -> None:
        pass


def removed(*answers: tuple[int, str]) -> list[tuple[str, str]]:
    paper = Paper(*answers)
    api: Any = Api(paper)
    remove_container(api, "abc")
    return paper.asked[1:]


ASKED = ("DELETE", "/v1.41/containers/abc")
GOES_BY_ITSELF = (409, '{"message": "removal of container abc is already in progress"}')


def test_what_is_there_is_removed_and_what_is_gone_is_gone() -> None:
    assert removed((204, "")) == [ASKED]
    assert removed((GONE, '{"message": "No such container: abc"}')) == [ASKED]


def test_one_that_goes_by_itself_is_waited_for() -> None:
    gone = (GONE, '{"message": "No such container: abc"}')
    assert removed(GOES_BY_ITSELF, GOES_BY_ITSELF, gone) == [ASKED] * 3


def test_another_refusal_is_told() -> None:
    with pytest.raises(ApiError, match="driver failed"):
        removed((500, '{"message": "driver failed to remove root filesystem"}'))
