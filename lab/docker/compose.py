"""Compose, called as a command: it has no SDK."""

import subprocess
from pathlib import Path

from lab.errors import EngineError

ROOT = Path(__file__).parents[2]


def run(file: Path, project: str, *words: str) -> None:
    """Run `docker compose WORDS` on a compose file, quietly. EngineError with its last line if it fails."""
    done = subprocess.run(
        ["docker", "compose", "--project-name", project, "--project-directory", str(ROOT), "--file", str(file),
         "--progress", "quiet", *words],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        if "Pool overlaps" in done.stderr:
            raise EngineError(
                f"another network has the subnet of the lab {project}; move the lab, as with SUBNET_BASE=10.99.0.0/16"
            )
        last = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        raise EngineError(f"docker compose {words[0]} failed for the lab {project}: {last[0]}")
