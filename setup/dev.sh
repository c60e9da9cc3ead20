# shellcheck shell=sh
# Step, after venv: what the tests and the linters import, on top.
have_locked requirements-dev.lock
