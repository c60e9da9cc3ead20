"""Compose, called as a command: it has no SDK."""

import subprocess
from pathlib import Path

from lab.errors import EngineError

ROOT = Path(__file__).parents[2]


def hashes(file: Path, project: str) -> dict[str, str]:
    """Return compose's hash of each service in a compose file: what it tells changed services by."""
    done = subprocess.run(
        ["docker", "compose", "--project-name", project, "--project-directory", str(ROOT), "--file", str(file),
         "config", "--hash", "*"],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        raise EngineError(f"docker compose did not read {file}: {last[0]}")
    return dict(line.split() for line in done.stdout.splitlines())
