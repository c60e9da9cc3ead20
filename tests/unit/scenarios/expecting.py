"""What a test says of a verdict: which of the three, and, unless it is a pass, why."""

from lab.history import History
from scenarios.verdict import Check, Outcome, Verdict


def passes(check: Check, history: History) -> Verdict:
    """Assert that a check passes."""
    verdict = check(history)
    assert verdict.outcome is Outcome.PASS, verdict.because
    return verdict


def fails(check: Check, history: History, because: str) -> Verdict:
    """Assert that a check fails, and that its reason contains these words."""
    verdict = check(history)
    assert verdict.outcome is Outcome.FAIL, verdict.because
    assert because in verdict.because
    return verdict


def cannot_tell(check: Check, history: History, because: str) -> Verdict:
    """Assert that a check says unknown, and that its reason contains these words."""
    verdict = check(history)
    assert verdict.outcome is Outcome.UNKNOWN, verdict.because
    assert because in verdict.because
    return verdict
