#!/bin/sh
# Collect the texts of pages and notices into one catalog a language and compile it.
set -eu
cd "$(dirname "$0")/.."

command -v xgettext >/dev/null 2>&1 || { echo "make messages needs gettext: sudo apt install gettext" >&2 && exit 1; }
bailiwick=$PWD/.venv/bin/bailiwick
mkdir -p src/bailiwick/ground/pages/locale
cd src/bailiwick
export IDM_DEVELOPMENT=true
for language in ${LANGUAGES:-en}; do
    "$bailiwick" idm makemessages --locale "$language" --no-wrap --add-location file
done
"$bailiwick" idm compilemessages
