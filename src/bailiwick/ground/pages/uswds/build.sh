#!/bin/sh
# Compiles our cut of USWDS into ../static/pages/. Needs node with npm; run by hand when the version changes.
set -eu
version=3.14.0
sass_version=1.108.2
here=$(cd "$(dirname "$0")" && pwd)
out="$here/../static/pages"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm pack --silent "@uswds/uswds@$version" >/dev/null
tar xzf uswds-uswds-"$version".tgz
npm install --silent --no-audit --no-fund "sass@$sass_version"
node_modules/.bin/sass --quiet --quiet-deps --no-source-map --no-charset --style=compressed \
    --load-path=package/packages "$here/uswds.scss" built.css

# Every shade of the stand-in family becomes a custom property: bailiwick.css sets them per program.
# No italics (nothing is set in them), no comments, no source map.
sed -E \
    -e 's/#f8f0f9/var(--accent-lightest)/g; s/#f6dff8/var(--accent-lighter)/g; s/#e2b2e4/var(--accent-light)/g' \
    -e 's/#864381/var(--accent)/g; s/#93348c/var(--focus)/g' \
    -e 's/#5c395a/var(--accent-dark)/g; s/#382936/var(--accent-darker)/g; s/#1b151b/var(--accent-darker)/g' \
    -e 's/@font-face\{[^}]*font-style:italic[^}]*\}//g' \
    -e 's#/\*[^*]*sourceMapp[^*]*\*/##g' \
    built.css > "$out/uswds.css"

# Only what the sheet names: a collecting server stops on a missing file.
rm -rf "$out/fonts" "$out/img"
grep -oE 'url\("?[^")]+"?\)' "$out/uswds.css" | sed -E 's/url\("?([^")]+)"?\)/\1/' | sort -u | while read -r named; do
    mkdir -p "$out/$(dirname "$named")"
    cp "package/dist/$named" "$out/$named"
done
# The web server hands out the packed copy where the browser takes it; -n keeps the bytes the same every time.
gzip -9nc "$out/uswds.css" > "$out/uswds.css.gz"
cp package/LICENSE.md "$here/LICENSE-uswds.md"
ls -l "$out/uswds.css"
