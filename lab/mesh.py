"""Topologies that nobody has written: so many packet switches, for whoever measures what grows with their number."""

from pathlib import Path

from topology import mesh


def write_mesh(switches: int, folder: Path) -> Path:
    """Write the topology of so many packet switches, as `python -m topology mesh` prints it; return its file."""
    name = f"mesh-{switches}"
    path = folder / f"{name}.yaml"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(mesh.text(switches, name), encoding="utf-8")
    return path
