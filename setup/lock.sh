#!/bin/sh
# Chooses the newest versions that pyproject.toml allows, for every platform, and writes them with their hashes:
# requirements.lock is what Socklab runs on, requirements-dev.lock what its tests and linters need beside it, and
# requirements-fuzz.lock what fuzzes it where that is to be had.
set -eu
cd "$(dirname "$0")/.."
sh setup/run.sh venv

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
trap 'exit 130' HUP INT TERM
.venv/bin/python -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check uv

export UV_CUSTOM_COMPILE_COMMAND='make lock'
lock() {
    "$tools/bin/uv" pip compile --quiet --no-config --universal --python-version 3.11 --upgrade \
        --generate-hashes --no-annotate "$@"
}
lock pyproject.toml --output-file requirements.lock
lock --group dev --constraint requirements.lock --output-file requirements-dev.lock
lock --group fuzz --only-binary atheris --output-file requirements-fuzz.lock
