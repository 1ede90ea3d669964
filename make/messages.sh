#!/bin/sh
# Collect what each program says into its Spanish catalog and compile it.
set -eu
cd "$(dirname "$0")/.."

command -v xgettext >/dev/null 2>&1 || { echo "make messages needs gettext: sudo apt install gettext" >&2 && exit 1; }
exec .venv/bin/python make/messages.py "$@"
