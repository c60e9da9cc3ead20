"""A user's own program: found inside the repository, or refused before anything is mounted."""

import stat
from pathlib import Path

from topology.expand import Draft
from topology.source import Report


def locate(draft: Draft, root: Path, report: Report) -> Path | None:
    """Return where a node's program is; it has to be a file under `root` that everybody may read."""
    written = draft.spec.program
    if written is None:
        return None
    path = root / written
    where = (*draft.where, "program")
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except (OSError, RuntimeError):  # RuntimeError: links that go round in circles, before Python 3.13
        report.add(where, f"the program of {draft.entry}, {written}, does not exist", f"put it below {root}")
        return None
    if not real.is_relative_to(root.resolve()):
        report.add(where, f"the program of {draft.entry}, {written}, links out of the repository", "copy it in")
    elif not stat.S_ISREG(mode):
        report.add(where, f"the program of {draft.entry}, {written}, is not a file", "name a Python file")
    elif not mode & stat.S_IROTH:  # nodes run as a user of their own
        report.add(
            where,
            f"the program of {draft.entry}, {written}, cannot be read in a node",
            f"chmod a+r {written}",
        )
    return path
