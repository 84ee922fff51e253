# Sourced by ./run and ./test: makes .venv from requirements/development.lock, and again only when the lock
# has changed. Expects the current directory to be the project; ends the shell when it cannot.

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
        if [ -n "$candidate" ] && "$candidate" -c \
            'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

# Debian and Ubuntu keep Python's venv module in a package of its own.
install_python() {
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null || return 1
    say "Python's venv module is missing: installing the packages python3 and python3-venv ..."
    {
        "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 update -q &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get \
                -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends \
                python3 python3-venv
    } </dev/null >/dev/null 2>&1
}

try_venv() {
    local python
    python=$(find_python) || return 1
    say "Making .venv with $("$python" --version) ..."
    "$python" -m venv --clear .venv >/dev/null 2>&1
}

make_venv() {
    try_venv || { install_python && try_venv; } ||
        die "Python 3.11 to 3.13 with its venv module is missing; install it with:" \
            "sudo apt-get install -y python3 python3-venv (or set PYTHON to its path)."
}

install_lock() {
    say "Installing the locked packages (once, a minute or two) ..."
    .venv/bin/python -m pip install --require-hashes --no-deps --disable-pip-version-check \
        --no-input --progress-bar off --requirement requirements/development.lock </dev/null 2>&1 |
        tee .venv/install.log |
        awk '/^(Collecting|Processing) / { n++; if (n % 10 == 0) print "  " n " packages" }
             /^Installing collected/ { print "  writing " n " packages to .venv ..." }
             /^ERROR/ { print }' >&2
    [ "${PIPESTATUS[0]}" -eq 0 ] ||
        die "The packages could not be installed; the whole output is in .venv/install.log."
}

# The command line as a program: .venv/bin/willkommen works from any folder.
write_command() {
    printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/.venv/bin/python" -m willkommen "$@"\n' \
        "$PWD" "$PWD" >.venv/bin/willkommen
    chmod +x .venv/bin/willkommen
}

ensure_environment() {
    local wanted
    wanted="$(sha256sum <requirements/development.lock) $PWD"  # programs in .venv know its folder by name
    if [ -x .venv/bin/python ] && [ "$(cat .venv/lock.sha256 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    exec 9>.venv.lock
    flock 9
    if [ "$(cat .venv/lock.sha256 2>/dev/null)" != "$wanted" ]; then
        .venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
        install_lock
        write_command
        printf '%s\n' "$wanted" >.venv/lock.sha256
        say "The environment is ready."
    fi
    exec 9>&-
}
