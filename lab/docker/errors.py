"""The errors of the engine and of its SDK as ours: one line, with the engine's own words.

the engine refused         EngineError, with what it was asked for and why it did not do it
there was no answer        LostEngineError: it stopped, or hangs, or has gone away with its host
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from lab.docker.api import ApiError
from lab.errors import EngineError, LostEngineError

P = ParamSpec("P")
R = TypeVar("R")

SDK = ("docker", "requests", "urllib3")
"""Whose errors those of the SDK are. They are told by that, since most verbs do without importing it."""
FULL = "no space left on device"


def in_one_line(call: Callable[P, R]) -> Callable[P, R]:
    """Make a call raise EngineError, with the engine's own words, where the engine or the SDK raise theirs."""

    @wraps(call)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except Exception as error:
            if not is_of_docker(error):
                raise
            words = " ".join(str(getattr(error, "explanation", None) or error).split())
            if is_lost(error):
                raise LostEngineError(f"the Docker engine stopped answering ({words})") from error
            if FULL in words:
                words += " there; `docker system df` tells what takes it"
            raise EngineError(f"Docker did not do `{call.__name__.strip('_')}`: {words}") from error

    return guarded


def is_lost(error: Exception) -> bool:
    """Tell whether an error of docker means that nobody answered; the SDK tells refusals by an explanation."""
    if isinstance(error, ApiError):
        return error.status == 0
    return type(error).__module__.partition(".")[0] in ("requests", "urllib3") and not hasattr(error, "explanation")


def is_of_docker(error: Exception) -> bool:
    """Tell whether an error is of the engine, or of its SDK."""
    return isinstance(error, ApiError) or type(error).__module__.partition(".")[0] in SDK
