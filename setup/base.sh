# shellcheck shell=sh
# The image that ours start from, for images.sh: pulled where a registry answers, else built from Debian's packages.

# need_image IMAGE: IMAGE is there when this returns.
need_image() {
    ! docker image inspect "$1" >/dev/null 2>&1 || return 0
    if ! is_root || ! is_debian; then
        attempt "Pulling $1" docker pull "$1"
        [ -z "$failed" ] || explain "No registry gave $1. As root on Debian, make builds it from packages instead."
        return
    fi
    attempt "Pulling $1" timeout 60 docker pull "$1"
    if [ -n "$failed" ]; then
        command -v debootstrap >/dev/null || permit debootstrap
        work "Building $1 from Debian's packages instead" debootstrap_image "$1"
    fi
}

# debootstrap_image IMAGE: a minimal Debian from the mirror that apt uses here, slimmed as the registry's image is.
debootstrap_image() {
    command -v debootstrap >/dev/null || apt_install debootstrap
    mirror=$(debian_mirror)
    scratch=$(scratch_folder)
    remove_at_end "$scratch"
    debootstrap --variant=minbase trixie "$scratch/tree" "$mirror"
    (
        cd "$scratch/tree" || exit
        # What is left out now is left out of every package that is installed later, too.
        cat >etc/dpkg/dpkg.cfg.d/docker <<-END
			path-exclude /usr/share/doc/*
			path-include /usr/share/doc/*/copyright
			path-exclude /usr/share/info/*
			path-exclude /usr/share/lintian/*
			path-exclude /usr/share/locale/*
			path-exclude /usr/share/man/*
		END
        find usr/share/doc ! -type d ! -name copyright -delete
        rm -rf usr/share/info/* usr/share/lintian/* usr/share/locale/* usr/share/man/*
        rm -rf var/cache/apt/* var/lib/apt/lists/* var/cache/debconf/*-old var/log/*.log var/log/apt/*
        # These came from this machine; the engine gives each container its own.
        rm -rf etc/hostname etc/resolv.conf dev/*
        : >etc/machine-id
    )
    tar -C "$scratch/tree" -cf "$scratch/tree.tar" --numeric-owner .
    docker import --change 'CMD ["bash"]' --change 'LABEL socklab.base=debootstrap' "$scratch/tree.tar" "$1"
}
