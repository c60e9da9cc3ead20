"""What holds for all tests: how properties are tried, and what a test need not do again and again.

Properties have the same examples in every run, and no matter how long one takes on a busy machine. For other examples:
`.venv/bin/python -m pytest --hypothesis-profile=default tests/unit`.
"""

import gc
import os
import sys

from hypothesis import settings

settings.register_profile("socklab", deadline=None, derandomize=True, database=None)
settings.load_profile("socklab")

# What is compiled is kept, also where the environment says otherwise: the tests start hundreds of our programs, and
# each would compile all that it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_collection_finish() -> None:
    """Leave modules and tests, which stay to the end, out of what is searched for garbage."""
    gc.collect()
    gc.freeze()
