"""The process that fuzzes a target: `python -m reliability.fuzz.one MODULE NAME FLAG...`, the flags being libFuzzer's.

It ends when libFuzzer does. What is imported here is compiled so that atheris sees each branch that an input takes.
"""

import sys

import atheris

from reliability.fuzz.target import targets_of

OURS = ["services", "lab", "topology", "tests"]
"""Whose branches are seen; those of tests are parsers with planted defects."""


def main() -> None:
    """Fuzz."""
    module, name, *flags = sys.argv[1:]
    with atheris.instrument_imports(include=OURS):
        check = targets_of(module)[name].check
    atheris.Setup([name, *flags], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
