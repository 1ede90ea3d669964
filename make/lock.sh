#!/bin/sh
# Write the locked requirements, hashes and all. No registry's address gets into them, wherever this runs.
set -eu
cd "$(dirname "$0")/.."

command -v uv >/dev/null 2>&1 || { echo "make lock needs uv: https://docs.astral.sh/uv/" >&2 && exit 1; }
unset PIP_FIND_LINKS UV_FIND_LINKS

for name in requirements requirements-dev; do
    echo "lock: $name.in → $name.txt"
    uv pip compile --quiet --upgrade --generate-hashes --python-version 3.11 --universal \
        --no-emit-index-url --no-emit-find-links "$name.in" -o "$name.txt"
done
