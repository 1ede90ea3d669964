"""Write docs/notices.md from the folders of the notices (`about.toml`). `--check` only compares."""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "bailiwick"
TARGET = ROOT / "docs" / "notices.md"
INTRODUCTION = """# Notices

Every notice is a folder `templates/notices/<name>/` in the room that sends it: `subject.txt`, `body.txt`, `body.html`, and
`about.toml`, from which this page is printed. A test takes each apart: nothing is said in one language or one part alone.

- **Written with the change, sent afterwards** (N-1). A notice is stored in the transaction of what it tells of, and sent by
  the worker, again and again until it is taken; its Message-ID is the same on every try.
- **Language** (N-2). Of the account: My Profile, Notices; at registration guessed from what the browser asks for. Spanish is
  in each program's catalog ([Spanish](spanish.md)); `make messages` collects what is new, a test names what is not translated.
- **Declined.** What has a name in the last column but one can be switched off there. It is in the inbox all the same. The
  rest cannot be switched off: it is what keeps others from acting in one's name unnoticed.
- **One mail for several.** `together`: notices of the kind for one recipient wait two minutes for each other. `first at
  once`: the first goes, those of the next hour go together after it. What goes in one mail is settled on its first try.
- **Mail that comes back.** Have the mail server hand it to `bailiwick idm bounces` (`bailiwick spot bounces` for SPOT's),
  for example with the alias `bounces: "|bailiwick idm bounces"` and `IDM_BOUNCES_TO=bounces@…`. It reads delivery reports
  (RFC 3464), finds the notice by its Message-ID, and where the mailbox is gone (5.1.x, 5.2.1, 5.4.4) marks it: the person
  reads it on the home page, the desk under "What could not be delivered", and where that was the only able approver of an
  organization, the application's desk is told. A full mailbox, or a mail that was only unwelcome, marks no address.
- **How long.** Subject and body of a notice, or of a call to the other program, are wiped 30 days after it was delivered,
  given up or came back (`IDM_NOTICES_KEPT_DAYS`, `SPOT_NOTICES_KEPT_DAYS`); until then the desk can send it again. That it was
  sent, when and to whom, stays, so that nothing is told twice. A one-time code or link is wiped at once, and what still waits
  never. The copy in the inbox is another, and is kept for a year.
- **Announcements** (N-4). Help Desk, Announcements, or `bailiwick idm announce publish`: a banner from–to on the pages of
  one application or all, in both languages, and where wanted a mail to its people. SPOT takes its own over each minute and
  shows them while IDM is away, too.

"""
COLUMNS = (
    "| notice | when | to | channel | can be declined as | several |\n| --- | --- | --- | --- | --- | --- |\n"
)
ROOMS = {"ground": "Both programs", "idm": "IDM", "spot": "SPOT"}


def page() -> str:
    """The page as it ought to be."""
    parts = [INTRODUCTION]
    for room, heading in ROOMS.items():
        abouts = sorted(
            (SOURCE / room).rglob("templates/notices/*/about.toml"), key=lambda one: one.parent.name
        )
        parts += [f"## {heading}\n\n", COLUMNS, *(row(path) for path in abouts), "\n"]
    return "".join(parts) + "This page is printed from the folders; `make rules` writes it.\n"


def row(path: Path) -> str:
    told = tomllib.loads(path.read_text())
    cells = (
        f"`{path.parent.name}`",
        told["when"],
        told["to"],
        told.get("channel", "email"),
        told.get("label", "–"),
        told.get("digest", "–"),
    )
    return f"| {' | '.join(cells)} |\n"


def main() -> int:
    """0 where the page is current, or was written."""
    is_current = TARGET.exists() and TARGET.read_text() == page()
    if "--check" in sys.argv:
        return 0 if is_current else 1
    if not is_current:
        TARGET.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
