#!/bin/sh
# Removes what is ours: the containers and networks of every lab, by their label; our images; what was made in this
# folder. The engine stays, and images that are not of our making. Says what it removed.
set -eu
cd "$(dirname "$0")/.."
status=0

# remove WHAT LIST COMMAND...: runs COMMAND on the words of LIST, if there are any, and says so.
remove() {
    what=$1
    list=$(echo "$2" | sort -u)
    shift 2
    [ -n "$list" ] || return 0
    # shellcheck disable=SC2086 # words
    if "$@" $list >/dev/null; then echo "Removed $what:" $list; else status=1; fi
}

if docker version >/dev/null 2>&1; then
    ours=label=socklab.lab
    remove containers "$(docker ps --all --filter $ours --format '{{.Names}}')" docker rm --force --volumes
    remove networks "$(docker network ls --filter $ours --format '{{.Name}}')" docker network rm
    # By name, since an image that somebody made from one of ours has our labels, too.
    named='{{.Repository}}:{{.Tag}}'
    remove images "$(docker images --filter reference=socklab-node --filter reference=socklab-router \
        --filter reference=socklab-tap --filter reference=socklab-peers --format "$named")" docker rmi
    remove 'old images' "$(docker images --quiet --filter dangling=true --filter label=socklab.image)" docker rmi
    remove 'base image' "$(docker images --filter reference=debian:trixie-slim \
        --filter label=socklab.base=debootstrap --format "$named")" docker rmi
else
    echo 'No Docker engine answers: no lab and no image to remove.'
fi

for made in .venv runs .pytest_cache .mypy_cache .ruff_cache .hypothesis; do
    [ ! -e "$made" ] || remove folder "$made" rm -rf
done
exit "$status"
