"""Fuzzing one target in a process of its own, by atheris, and what came of it.

    seeds, words ──► libFuzzer ──► inputs that reach branches that none reached before ──► more inputs from those
                        '── until it has run so often, or something is raised: then the input is kept, and told

The same Python, seed and code give the same inputs.
"""

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from reliability.fuzz.target import Target

ROOT = Path(__file__).resolve().parents[2]
SLOWEST_SECONDS = 10
"""One input that takes longer is a defect."""
MOST_MIB = 2048
"""A process that needs more memory is a defect."""
PATIENCE_SECONDS = 600

_DONE = re.compile(r"^#(\d+)\s.*cov: (\d+) ft: \d+ corp: (\d+)/", re.MULTILINE)
_RAISED = re.compile(r"=== Uncaught Python exception: ===\n(.+)|SUMMARY: libFuzzer: (.+)")


@dataclass(frozen=True)
class Outcome:
    """What came of a target: how many inputs ran, and how many of them reached something new.

    `reached` counts the branches of the parser that were taken. `defect` says in a line what an input raised, and which
    input it was; nothing if none did.
    """

    target: Target
    runs: int
    reached: int
    corpus: int
    defect: str = ""


def missing() -> str:
    """Say why nothing can be fuzzed here; nothing if it can."""
    try:
        if importlib.util.find_spec("atheris"):
            return ""
    except ValueError:  # it was looked for already, and is not there
        pass
    return "atheris is not installed: PyPI has it for CPython on Linux (glibc, x86-64) alone; setup/fuzz.sh tries it"


def fuzz(target: Target, runs: int, seed: int = 1) -> Outcome:
    """Try so many inputs, or until one is a defect."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        corpus, words = folder / "corpus", folder / "words"
        corpus.mkdir()
        for number, begun in enumerate(target.seeds):
            (corpus / f"seed{number:04}").write_bytes(begun)
        words.write_text("# none may not be empty\n" + "".join(f'"{_escaped(word)}"\n' for word in target.words))
        flags = {
            "runs": runs,
            "seed": seed,
            "max_len": target.longest,
            "timeout": SLOWEST_SECONDS,
            "rss_limit_mb": MOST_MIB,
            "dict": words,
            "artifact_prefix": f"{folder}/",
        }
        command = [sys.executable, "-m", "reliability.fuzz.one", target.check.__module__, target.name]
        done = subprocess.run(
            [*command, *(f"-{flag}={value}" for flag, value in flags.items()), str(corpus)],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        told = (done.stdout + done.stderr).decode("utf-8", "replace")
        counts = _DONE.findall(told)
        ran, reached, kept = map(int, counts[-1]) if counts else (0, 0, 0)
        return Outcome(target, ran, reached, kept, _defect(told, folder) if done.returncode else "")


def _defect(told: str, folder: Path) -> str:
    raised = _RAISED.search(told)
    what = (raised[1] or raised[2]) if raised else " ".join(told.split()[-30:])
    inputs = [path.read_bytes() for path in folder.glob("*-*") if path.is_file()]
    return f"{what.strip()}, for the input {inputs[0]!r}" if inputs else what.strip()


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


if __name__ == "__main__":  # python -m reliability.fuzz.campaign NAME [RUNS [SEED]]
    from reliability.fuzz.catalogue import find

    name, *numbers = sys.argv[1:]
    found = find(name)
    outcome = fuzz(found, *(map(int, numbers) if numbers else (found.runs,)))
    print(f"{name}: {outcome.runs} runs, {outcome.reached} branches, {outcome.corpus} inputs kept. {outcome.defect}")
    raise SystemExit(bool(outcome.defect))
