# Sourced by ./run and ./test: makes .venv from requirements.lock, and again only when the lock
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

make_venv() {
    local python
    python=$(find_python) || die "Python 3.11 to 3.13 is missing; install it with:" \
        "sudo apt-get install -y python3 python3-venv (or set PYTHON to its path)."
    say "Making .venv with $("$python" --version) ..."
    "$python" -m venv --clear .venv >/dev/null 2>&1 || venv_with_borrowed_pip "$python" ||
        die "Python's venv module is missing; install it with: sudo apt-get install -y python3-venv"
}

# Debian without python3-venv has no ensurepip, but often a pip that can install itself elsewhere.
venv_with_borrowed_pip() {
    "$1" -m venv --clear --without-pip .venv >/dev/null 2>&1 &&
        { .venv/bin/python -m ensurepip --default-pip >/dev/null 2>&1 ||
            "$1" -m pip --python .venv/bin/python install --quiet pip >/dev/null 2>&1; }
}

install_lock() {
    say "Installing the locked packages (once, a minute or two) ..."
    .venv/bin/python -m pip install --require-hashes --no-deps --disable-pip-version-check \
        --no-input --progress-bar off --requirement requirements.lock </dev/null 2>&1 |
        tee .venv/install.log |
        awk '/^(Collecting|Processing) / { n++; if (n % 10 == 0) print "  " n " packages" }
             /^Installing collected/ { print "  writing " n " packages to .venv ..." }
             /^ERROR/ { print }' >&2
    [ "${PIPESTATUS[0]}" -eq 0 ] ||
        die "The packages could not be installed; the whole output is in .venv/install.log."
}

ensure_environment() {
    local wanted
    wanted="$(sha256sum <requirements.lock) $PWD"  # programs in .venv know its folder by name
    if [ -x .venv/bin/python ] && [ "$(cat .venv/lock.sha256 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    exec 9>.venv.lock
    flock 9
    if [ "$(cat .venv/lock.sha256 2>/dev/null)" != "$wanted" ]; then
        .venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
        install_lock
        printf '%s\n' "$wanted" >.venv/lock.sha256
        say "The environment is ready."
    fi
    exec 9>&-
}
