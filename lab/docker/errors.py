"""The SDK's errors as ours: one line, with the engine's own words."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import requests
from docker.errors import DockerException

from lab.errors import EngineError

P = ParamSpec("P")
R = TypeVar("R")


def in_one_line(call: Callable[P, R]) -> Callable[P, R]:
    """Make a call raise EngineError, with the engine's own words, where the SDK raises its own."""

    @wraps(call)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except (DockerException, requests.RequestException) as error:
            words = getattr(error, "explanation", None) or str(error)
            raise EngineError(f"Docker did not do `{call.__name__.strip('_')}`: {words}") from error

    return guarded
