# shellcheck shell=sh
# What the set-up steps share: one line for each thing done, its log, the question before installing.
# Sourced by setup/run.sh in the repository's top folder. POSIX sh.

LOG=runs/setup.log
PATH=$PATH:/usr/sbin:/sbin # where dockerd and debootstrap are, also for a root whose PATH lacks them

# stop MESSAGE: ends the set-up with one clear line.
stop() {
    printf '%s\n' "$*" >&2
    exit 2
}

# attempt TITLE COMMAND...: says TITLE, runs the command with its output in the log, says how long it took.
# $failed is then empty or 1. It always returns 0: called in a condition, `set -e` would not hold in the command.
# The command runs in the background, since a shell that waits for one in the foreground hears no signal.
attempt() {
    printf '%s ... ' "$1" >&2
    printf '\n== %s: %s\n' "$(date)" "$1" >>"$LOG"
    shift
    began=$(date +%s)
    before=$(wc -l <"$LOG")
    failed=
    set +e
    (
        set -e
        # A daemon that a package starts must hold neither our lock nor a pipe of make's open.
        exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
        "$@"
    ) </dev/null >>"$LOG" 2>&1 &
    job=$!
    wait $job
    status=$?
    job=
    set -e
    [ "$status" -eq 0 ] || failed=1
    printf '%s%s s\n' "${failed:+failed after }" $(($(date +%s) - began)) >&2
}

# work TITLE COMMAND...: the same for what must succeed; a failure shows the end of the log and ends the set-up.
work() {
    attempt "$@"
    [ -z "$failed" ] || explain 'Set-up stopped there; run make again to go on.'
}

# explain MESSAGE: ends the set-up with the last lines that the attempt logged, and MESSAGE.
explain() {
    tail -n "+$((before + 1))" "$LOG" | tail -n 12 | sed 's/^/    /' >&2
    printf '%s\n' "All of the output is in $LOG." "$*" >&2
    exit 1
}

job=
# give_up STATUS: what a signal has the set-up do, whoever it was sent to: ends what an attempt has started, too.
give_up() {
    trap '' HUP INT TERM
    if [ -n "$job" ]; then
        end_tree "$job"
        wait "$job" || :
        printf 'interrupted after %s s; run make again to go on\n' $(($(date +%s) - began)) >&2
    fi
    exit "$1"
}

# end_tree PID: ends a process with all that it has started. It is stopped first, so that it starts no more meanwhile.
end_tree() {
    kill -STOP "$1" 2>/dev/null || return 0
    # shellcheck disable=SC2046 # a word a child
    set -- "$1" $(processes | awk -v parent="$1" '$2 == parent { print $1 }')
    kill "$1"
    kill -CONT "$1"
    shift
    for child; do end_tree "$child"; done
}

# processes: prints "PID PARENT" of each; a small Linux has no ps.
processes() {
    ps -A -o pid= -o ppid= 2>/dev/null ||
        awk '/^Pid:/ { pid = $2 } /^PPid:/ { print pid, $2 }' /proc/[0-9]*/status 2>/dev/null || :
}

# permit WHAT: asks on a terminal, once, whether WHAT may be installed; with no terminal, or with YES=1, it may.
permit() {
    if [ "${YES:-0}" = 1 ] || ! [ -t 0 ] || ! [ -t 2 ]; then return 0; fi
    printf "Socklab needs %s. Install this, and what else is missing, from the system's packages? [Y/n] " "$1" >&2
    answer=no
    read -r answer || answer=no
    case $answer in
    '' | [Yy]*) YES=1 ;;
    *) stop "Not installed. Install $1 yourself, then run make again." ;;
    esac
}

is_root() { [ "$(id -u)" = 0 ]; }
is_debian() { command -v apt-get >/dev/null && [ -e /etc/debian_version ]; } # or what descends from it, as Ubuntu

# apt_knows PACKAGE: whether there is such a package; the lists are fetched only when they lack it.
apt_knows() { apt-cache show "$1" >/dev/null 2>&1 || { apt-get -q update && apt-cache show "$1" >/dev/null; }; }

# apt_install PACKAGE...: with the lists as they are, or when that fails (an old list, say) with new ones.
apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    set -- install -q -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
    apt-get "$@" || {
        dpkg --configure -a # what somebody has interrupted
        apt-get -q update && apt-get "$@"
    }
}

# debian_mirror: prints the address that this machine's apt fetches Debian's packages from.
debian_mirror() {
    # shellcheck disable=SC2016 # the $(...) are apt's
    apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' |
        sed -n 's/^Debian|Debian|main|\(http.*\)$/\1/p' | head -n 1 |
        grep . || {
        echo "apt on this machine has no mirror of Debian's packages" >&2
        return 1
    }
}

# A new folder. Not in /tmp, which is often mounted so that nothing can be run and no device be made there.
scratch_folder() { mktemp -d /var/tmp/socklab.XXXXXX; }

# remove_at_end FOLDER: it is gone when the (sub)shell that called this ends, however it ends.
remove_at_end() {
    # shellcheck disable=SC2064 # expanded now
    trap "rm -rf '$1'" EXIT
    trap 'exit 130' HUP INT TERM
}

# at_least VERSION MAJOR.MINOR: compares the first two numbers of VERSION.
at_least() {
    case $1 in
    [0-9]*.[0-9]* | v[0-9]*.[0-9]*) ;;
    *) return 1 ;;
    esac
    major=${1%%.*} minor=${1#*.}
    major=${major#v} minor=${minor%%[!0-9]*}
    [ "$major" -gt "${2%.*}" ] || { [ "$major" -eq "${2%.*}" ] && [ "$minor" -ge "${2#*.}" ]; }
}
