# shellcheck shell=sh
# Step: a Docker engine that answers. The one there is, or the distribution's, installed and started.

ENGINE_LOG=/var/log/socklab-dockerd.log # of an engine that we start ourselves

# Sets $told to "ENGINE VERSION|ITS SYSTEM|COMPOSE VERSION": one call, since each costs a fraction of a second.
engine_answers() {
    # shellcheck disable=SC1083 # the braces are a Go template
    told=$(docker info 2>/dev/null --format \
        '{{.ServerVersion}}|{{.OperatingSystem}}|{{range .ClientInfo.Plugins}}{{if eq .Name "compose"}}{{.Version}}{{end}}{{end}}')
    [ -n "${told%%|*}" ]
}

compose_version() { printf '%s' "${told##*|}"; }

install_engine() {
    apt_knows docker.io
    set -- docker.io iptables ca-certificates
    # Some releases have the client in a package of its own, which docker.io only recommends.
    ! apt-cache show docker-cli >/dev/null 2>&1 || set -- "$@" docker-cli
    # Where the kernel runs AppArmor, the engine starts no container without its parser.
    ! grep -qs Y /sys/module/apparmor/parameters/enabled || set -- "$@" apparmor
    apt_install "$@"
}

start_engine() {
    tries=500 # a minute or so, whatever becomes of the clock
    if [ -d /run/systemd/system ]; then
        systemctl start docker
        log='journalctl --no-pager --lines 8 --unit docker'
        alive='systemctl --quiet is-active docker'
    else
        program=$(command -v dockerd)
        # An engine that was killed leaves its pid file; with it a new
        # engine may not start.
        start-stop-daemon --status --exec "$program" || rm -f /var/run/docker.pid /var/run/docker/containerd/containerd.pid
        # It closes every descriptor first: whoever waits for the end of make's output must not wait for the engine.
        start-stop-daemon --start --oknodo --background --exec "$program" --output "$ENGINE_LOG"
        log="tail -n 8 $ENGINE_LOG"
        alive="start-stop-daemon --status --exec $program"
    fi
    until docker info >/dev/null 2>&1; do
        tries=$((tries - 1))
        if ! $alive || [ "$tries" -eq 0 ]; then
            $log
            return 1
        fi
        sleep 0.1
    done
}

if ! engine_answers; then
    case $(docker info 2>&1) in
    *'permission denied'*)
        stop "A Docker engine runs, but $(id -un) may not use it. Join its group (sudo usermod -aG docker $(id -un)," \
            "then log in again), or run make as root."
        ;;
    esac
    [ -z "${DOCKER_HOST:-}" ] || stop "The Docker engine at DOCKER_HOST=$DOCKER_HOST does not answer. Start it, or unset DOCKER_HOST."
    if ! is_root || ! is_debian; then
        stop 'No Docker engine answers. Start it, or install Docker Engine 20.10 or later with Compose 2.20 or later' \
            '(on Debian and Ubuntu make does so when run as root), then run make again.'
    fi
    if ! command -v dockerd >/dev/null || ! command -v docker >/dev/null; then
        permit 'Docker Engine (docker.io)'
        work "Installing Docker Engine from this system's packages" install_engine
    fi
    engine_answers || work 'Starting the Docker engine' start_engine
    engine_answers || stop 'The Docker engine was started but does not answer. Try: docker info'
fi

version=${told%%|*} system=${told#*|}
at_least "$version" 20.10 || stop "Docker Engine $version is too old: install 20.10 or later."
printf 'Docker Engine %s on %s\n' "${version%%+*}" "$(printf '%s' "${system%%|*}" | sed 's/ (.*//')" >&2
