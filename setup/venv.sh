# shellcheck shell=sh
# Step: .venv with what lab/, scenarios/ and topology/ import, in the locked versions.
# A stamp holds the lock's checksum and the interpreter, so that a change of either is seen. It is written last.

# have_locked LOCK: .venv has the packages of LOCK when this returns.
have_locked() {
    stamp=.venv/$1.stamp
    if [ -e .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(mark "$1")" ]; then return; fi
    find_python || install_python
    work "Installing the Python packages of $1 in .venv" fill_venv "$1"
    mark "$1" >"$stamp"
}

mark() { echo "$(cksum <"$1") $(readlink -f .venv/bin/python)"; }

fill_venv() {
    # Made anew when there is none, or when the interpreter that it was made with is gone.
    if ! .venv/bin/python -m pip --version; then "$python" -m venv --clear .venv; fi
    .venv/bin/python -m pip install --disable-pip-version-check --require-hashes --no-deps -r "$1"
}

# Sets $python to one that will do. Where venv lacks ensurepip, as on a Debian without python3-venv, it will not.
find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        ! "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || return 0
    done
    return 1
}

install_python() {
    if is_root && is_debian; then
        permit 'Python with venv (python3-venv)'
        work "Installing Python from this system's packages" apt_install python3-venv
    fi
    find_python ||
        stop 'Python 3.11 or later with venv is needed (Debian: python3-venv). Install it, then run make again.'
}

have_locked requirements.lock
