#!/bin/sh
# Sets up what is missing, one step after the other:  setup/run.sh STEP...
#
#     engine    a Docker engine that answers         engine.sh
#     compose   its Compose plugin                   compose.sh
#     images    socklab-node, -router and -tap       images.sh, base.sh
#     peers     socklab-peers, to measure and attack images.sh, base.sh
#     venv      .venv with what lab/ imports         venv.sh
#     dev       .venv with what tests and lint need  dev.sh
#     fuzz      .venv with what fuzzes, if it can    fuzz.sh
#
# What is there is used as it is, and nothing is said about it. All messages go to stderr, since the standard
# output of a verb may be data (`make capture FILE=-`).
set -eu
cd "$(dirname "$0")/.."
. setup/common.sh
. setup/images.sh

trap 'give_up 129' HUP
trap 'give_up 130' INT
trap 'give_up 143' TERM
mkdir -p runs
# One at a time in this checkout: a second make waits, then finds everything done.
if command -v flock >/dev/null; then
    exec 9>runs/.setup.lock
    flock -w 1 9 || {
        echo 'Waiting for another make that sets up here' >&2
        flock 9 &
        wait $! # in the background, since a shell that waits for one in the foreground hears no signal
    }
fi

for step; do
    case $step in
    engine) . setup/engine.sh ;;
    compose) . setup/compose.sh ;;
    images) need_images node router tap ;;
    peers) need_images peers ;;
    venv) . setup/venv.sh ;;
    dev) . setup/dev.sh ;;
    fuzz) . setup/fuzz.sh ;;
    *) stop "setup/run.sh: no step $step" ;;
    esac
done
