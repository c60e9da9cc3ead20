"""Compose, called as a command: it has no SDK."""

import contextlib
import hashlib
import json
import subprocess
from pathlib import Path

from lab.errors import MISSHAPEN, EngineError
from lab.files import write_whole

ROOT = Path(__file__).parents[2]


def hashes(file: Path, project: str) -> dict[str, str]:
    """Return compose's hash of each service in a compose file: what it tells changed services by.

    What it said is kept beside the file for the next time, since compose takes a while to start. Another release of it
    may have others; then it only sees a change where there is none.
    """
    asked = hashlib.sha256(file.read_bytes() + project.encode()).hexdigest()
    kept = file.with_name("hashes.json")
    with contextlib.suppress(OSError, *MISSHAPEN):
        said = json.loads(kept.read_text(encoding="utf-8"))
        if said["asked"] == asked:
            return dict(said["hashes"])
    found = _ask(file, project)
    write_whole(kept, json.dumps({"asked": asked, "hashes": found}) + "\n")
    return found


def _ask(file: Path, project: str) -> dict[str, str]:
    done = subprocess.run(
        ["docker", "compose", "--project-name", project, "--project-directory", str(ROOT), "--file", str(file),
         "config", "--hash", "*"],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        raise EngineError(f"docker compose did not read {file}: {last[0]}")
    return dict(line.split() for line in done.stdout.splitlines())
