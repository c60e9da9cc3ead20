"""Files that others read meanwhile: they are there whole or not at all."""

from pathlib import Path


def write_whole(file: Path, text: str) -> None:
    """Put a text in a file, in place of what it held. Raises OSError."""
    written = file.with_name(f"{file.name}.new")
    written.write_text(text, encoding="utf-8")
    written.replace(file)
