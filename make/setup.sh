#!/bin/sh
# Make .venv and install the locked requirements: `make/setup.sh run` for the programs, `make/setup.sh dev` for the
# tests on top. A stamp of what was installed makes the second call instant.
set -eu
cd "$(dirname "$0")/.."

kind=${1:-run}
case $kind in
run) requirements=requirements.txt ;;
dev) requirements=requirements-dev.txt ;;
*) echo "make/setup.sh takes run or dev, not $kind." >&2 && exit 2 ;;
esac

# The place counts: an environment that was moved or copied points at its old home.
fingerprint() {
    { pwd && cat "$1" pyproject.toml; } | cksum
}
is_installed() {
    [ -x .venv/bin/python ] && [ "$(cat ".venv/installed-$1" 2>/dev/null)" = "$(fingerprint "$2")" ]
}
is_installed dev requirements-dev.txt && exit 0
is_installed "$kind" "$requirements" && exit 0

find_python() {
    old=''
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        command -v "$name" >/dev/null 2>&1 || continue
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        "$name" -c 'import venv, ensurepip' 2>/dev/null && echo "$name" && return
        old=${old:-$name}
    done
    if [ -n "$old" ]; then
        version=$("$old" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "Python $version is here without its venv module; on Debian and Ubuntu: sudo apt install python$version-venv" >&2
    else
        echo "Bailiwick needs Python 3.11 or newer; on Debian and Ubuntu: sudo apt install python3 python3-venv" >&2
    fi
    exit 1
}

say() {
    echo "set-up: $*"
}
started=$(date +%s)

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    say "$("$python" --version) makes .venv"
    rm -rf .venv
    "$python" -m venv .venv
fi
rm -f .venv/installed-*

say "installing $(grep -c '==' "$requirements") packages from $requirements (about half a minute)"
pip() {
    .venv/bin/python -m pip --disable-pip-version-check --no-input --quiet install --progress-bar off "$@"
}
pip --require-hashes --only-binary :all: --no-compile -r "$requirements"
say "installing Bailiwick itself"
pip --no-deps --no-build-isolation --editable .

fingerprint "$requirements" >".venv/installed-$kind"
say "done in $(($(date +%s) - started)) s"
