"""The errors of the engine and of its SDK as ours: one line, with the engine's own words."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from lab.docker.api import ApiError
from lab.errors import EngineError

P = ParamSpec("P")
R = TypeVar("R")

SDK = ("docker", "requests", "urllib3")
"""Whose errors those of the SDK are. They are told by that, since most verbs do without importing it."""


def in_one_line(call: Callable[P, R]) -> Callable[P, R]:
    """Make a call raise EngineError, with the engine's own words, where the engine or the SDK raise theirs."""

    @wraps(call)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except Exception as error:
            if not is_of_docker(error):
                raise
            words = getattr(error, "explanation", None) or str(error)
            raise EngineError(f"Docker did not do `{call.__name__.strip('_')}`: {words}") from error

    return guarded


def is_of_docker(error: Exception) -> bool:
    """Tell whether an error is of the engine, or of its SDK."""
    return isinstance(error, ApiError) or type(error).__module__.partition(".")[0] in SDK
