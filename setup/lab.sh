#!/bin/sh
# A command of lab/ on a lab that may be up:  setup/lab.sh COMMAND [ARGUMENT...]
# For this nobody wants anything installed: where no engine answers, no lab is up, and that is said, by lab/ itself where
# there is a .venv to run it.
set -eu
cd "$(dirname "$0")/.."

if ! [ -e .venv/bin/python ] && ! docker version >/dev/null 2>&1; then
    echo 'No Docker engine answers, so no lab is up here. Start one with: make up' >&2
    case $1 in
    down | status) exit 0 ;;
    *) exit 2 ;;
    esac
fi
sh setup/run.sh venv
exec .venv/bin/python -S setup/start.py lab "$@"
