# shellcheck shell=sh
# Step, after venv: atheris, which fuzzes the parsers, where PyPI has it ready for this machine: for CPython on Linux
# with glibc on x86-64. Elsewhere nothing but the fuzzing is left out, and says so; it is tried again when the lock or
# the interpreter is another.
lock=requirements-fuzz.lock
if [ "$(cat ".venv/$lock.stamp" 2>/dev/null)" != "$(mark "$lock")" ]; then
    attempt "Installing the Python packages of $lock in .venv" .venv/bin/python -m pip install \
        --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r "$lock"
    [ -z "$failed" ] || echo 'They are not to be had for this machine: the parsers are not fuzzed, all else goes on.' >&2
    mark "$lock" >".venv/$lock.stamp"
fi
