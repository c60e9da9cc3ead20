"""How properties are tested: the same examples in every run, and no matter how long one takes on a busy machine.

For other examples: `.venv/bin/python -m pytest --hypothesis-profile=default tests/unit`.
"""

from hypothesis import settings

settings.register_profile("socklab", deadline=None, derandomize=True, database=None)
settings.load_profile("socklab")
