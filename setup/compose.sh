# shellcheck shell=sh
# Step, after engine (which asked for the version): the Compose plugin, 2.20 or later.
#
# Some releases of Debian have only Compose 1. There, the plugin of a later release is taken: its package is fetched
# from the mirror that apt uses already, its signature checked, and the one program in it put where Docker looks.
# The sources and lists for this are temporary; the system's own stay as they are.

COMPOSE_RELEASE=trixie
COMPOSE_KEYS=${COMPOSE_KEYS:-/usr/share/keyrings/debian-archive-keyring.gpg}

install_compose() {
    if is_root; then
        apt_knows docker-compose || :
        for package in docker-compose-plugin docker-compose-v2 docker-compose; do
            candidate=$(apt-cache policy "$package" | sed -n 's/^ *Candidate: \([0-9]*:\)\{0,1\}//p')
            if at_least "$candidate" 2.20; then
                apt_install "$package"
                return
            fi
        done
        fetch_compose /usr/local/lib/docker/cli-plugins
    else
        fetch_compose "${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins"
    fi
}

# fetch_compose DIRECTORY: the plugin's program, from a package that is not installed, into DIRECTORY.
fetch_compose() {
    mirror=$(debian_mirror)
    scratch=$(scratch_folder)
    remove_at_end "$scratch"
    mkdir -p "$scratch/lists/partial" "$scratch/cache/archives/partial"
    echo "deb [signed-by=$COMPOSE_KEYS] $mirror $COMPOSE_RELEASE main" >"$scratch/sources.list"
    # apt fetches as a user of its own, who must get in here.
    chmod 755 "$scratch"
    ! is_root || chown -R _apt "$scratch"
    (
        cd "$scratch" || exit
        for action in update 'download docker-compose'; do
            # shellcheck disable=SC2086 # the action is two words
            apt-get -q -o Dir::Etc::SourceList="$scratch/sources.list" -o Dir::Etc::SourceParts=/dev/null \
                -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
                -o Dir::State::Lists="$scratch/lists" -o Dir::Cache="$scratch/cache" $action
        done
        dpkg-deb -x docker-compose_*.deb tree
    )
    mkdir -p "$1"
    # Into place in one step, so that nobody runs half a program.
    cp "$scratch/tree/usr/libexec/docker/cli-plugins/docker-compose" "$1/.docker-compose.$$"
    mv "$1/.docker-compose.$$" "$1/docker-compose"
}

if ! at_least "$(compose_version)" 2.20; then
    is_debian || stop 'Docker Compose 2.20 or later is needed. Install its plugin, then run make again.'
    permit 'the Docker Compose plugin'
    work 'Installing the Docker Compose plugin' install_compose
    docker compose version >/dev/null 2>&1 || stop 'The Docker Compose plugin was installed, but does not run. Try: docker compose version'
fi
