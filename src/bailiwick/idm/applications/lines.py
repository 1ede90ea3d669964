"""Where in a TOML file a key stands, so that a mistake can be named by its line. Pure.

`tomllib` reads values but forgets lines. This reads only table headers and keys at the start of a line, which is how
application files are written.
"""

import re

HEADER = re.compile(r"\s*\[(\[)?\s*([\w.-]+)\s*\]\]?\s*(#.*)?$")
KEY = re.compile(r"\s*([\w-]+)\s*=")


def lines_of(text: str) -> dict[tuple[str | int, ...], int]:
    """`{("roles", 0, "code"): 31, …}`: the first line of each table and key, counted from 1."""
    found: dict[tuple[str | int, ...], int] = {}
    counts: dict[str, int] = {}
    table: tuple[str | int, ...] = ()
    is_inside_text = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not is_inside_text:
            if header := HEADER.match(line):
                table = _table(header, counts)
                found.setdefault(table, number)
            elif key := KEY.match(line):
                found.setdefault((*table, key[1]), number)
        if (line.count('"""') + line.count("'''")) % 2:
            is_inside_text = not is_inside_text
    return found


def _table(header: re.Match[str], counts: dict[str, int]) -> tuple[str | int, ...]:
    name = header[2]
    if not header[1]:
        return tuple(name.split("."))
    counts[name] = counts.get(name, -1) + 1
    return (*name.split("."), counts[name])


def nearest(lines: dict[tuple[str | int, ...], int], path: tuple[str | int, ...]) -> int:
    """The line of `path`, else of the closest table around it, else 1."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 1
