"""What ends a benchmark without a figure."""


class BenchmarkError(Exception):
    """A program did not run, or did not do what is measured. The message is one line: what, where, what was wrong."""
