"""Run as a process: reads one document as JSON, writes one PDF. Knows nothing of the program that started it."""

import sys
from pathlib import Path

import typst

TEMPLATES = Path(__file__).parent / "typst"


def main(template: str, made_at: str, signable: str = "") -> None:
    """`template`: the name of a file in `typst`; `made_at`: seconds since 1970, the document's own time.

    `signable`, not empty: ready for a digital signature.
    """
    made = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"document": sys.stdin.buffer.read().decode()},
        ignore_system_fonts=True,
        timestamp=int(made_at),
    )
    if signable:
        from bailiwick.spot.papers import appending

        made = appending.ready_to_sign(made)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
