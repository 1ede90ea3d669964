"""A file is what its content says, lies sealed, opens for who may see it once it is clean, and goes on its day."""

import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import RequestFactory

from bailiwick.ground.pages.words import GENERIC, sentence_for
from bailiwick.ground.rulings import By, Refused
from bailiwick.ground.uploads import actions, checks, queries
from bailiwick.ground.uploads.handlers import FLOOD, LARGEST, MemoryOnly
from bailiwick.ground.uploads.models import Sealed, Upload
from bailiwick.ground.uploads.responses import attachment
from bailiwick.ground.uploads.rules import Content, Kind, Refusal, State
from bailiwick.ground.uploads.scanners import HttpScanner, Verdict, scanner_at
from bailiwick.ground.uploads.scanning import scan_waiting
from bailiwick.ground.vault import SealBrokenError
from tests.ground import build_uploads as build

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
BY = By(actor="system:test")
MOST = 10 * 1024**2
HTML = b"<!doctype html><script>alert(document.domain)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'

FINE = {
    "pdf": (build.document(), Kind.PDF),
    "pdf of many pages": (build.document(pages=40), Kind.PDF),
    "pdf with a web link": (build.document(build.on_page("/URI", URI="https://example.org")), Kind.PDF),
    "png": (build.picture("PNG"), Kind.PNG),
    "jpeg": (build.picture("JPEG"), Kind.JPEG),
    "jpeg padded by a camera": (build.picture("JPEG") + bytes(100), Kind.JPEG),
    "a scan of 300 dpi": (build.picture("PNG", size=(2550, 3300)), Kind.PNG),
}
HOSTILE = {
    "nothing": (b"", Refusal.EMPTY),
    "a web page named pdf": (HTML, Refusal.WRONG_KIND),
    "a drawing with a script": (SVG, Refusal.WRONG_KIND),
    "an archive": (b"PK\x03\x04" + bytes(60), Refusal.WRONG_KIND),
    "a program": (b"MZ" + bytes(60), Refusal.WRONG_KIND),
    "a gif": (build.picture("GIF"), Refusal.WRONG_KIND),
    "a pdf behind other bytes": (HTML + build.document(), Refusal.WRONG_KIND),
    "too large": (b"%PDF-1.7" + bytes(MOST), Refusal.TOO_LARGE),
    "a png cut short": (build.picture("PNG", size=(300, 300))[:-40], Refusal.UNREADABLE),
    "a jpeg cut short": (build.picture("JPEG", size=(300, 300))[:-40], Refusal.UNREADABLE),
    "a jpeg of its first bytes only": (b"\xff\xd8\xff\xe0" + HTML + b"\xff\xd9", Refusal.UNREADABLE),
    "a picture of too many pixels": (build.pixel_bomb(), Refusal.TOO_MANY_PIXELS),
    "a moving picture": (build.moving(), Refusal.MOVES),
    "a picture that is a web page, too": (build.picture("PNG") + HTML, Refusal.MORE_THAN_ONE),
    "a picture that is an archive, too": (build.picture("JPEG") + b"PK\x05\x06xx", Refusal.MORE_THAN_ONE),
    "a pdf that is a web page, too": (build.document() + HTML, Refusal.MORE_THAN_ONE),
    "a pdf with a password": (build.document(password="secret"), Refusal.ENCRYPTED),
    "a pdf with an empty password": (build.document(password=" "), Refusal.ENCRYPTED),
    "a pdf that runs a script": (
        build.document(build.opens_with("/JavaScript", JS="app.alert(1)")),
        Refusal.ACTIVE,
    ),
    "a pdf with a named script": (build.document(build.named_script), Refusal.ACTIVE),
    "a pdf with a hidden script": (build.document(build.hides("/JavaScript", JS="x")), Refusal.ACTIVE),
    "a pdf that starts a program": (build.document(build.opens_with("/Launch", F="cmd.exe")), Refusal.ACTIVE),
    "a pdf that sends a form": (
        build.document(build.on_page("/SubmitForm", F="https://evil")),
        Refusal.ACTIVE,
    ),
    "a pdf that opens another": (
        build.document(build.on_page("/GoToR", F="\\\\evil\\share")),
        Refusal.ACTIVE,
    ),
    "a pdf with a file inside": (
        build.document(lambda w: w.add_attachment("x.exe", b"MZ")),
        Refusal.CARRIES_FILES,
    ),
    "a pdf of its first bytes only": (b"%PDF-1.7\n" + HTML + b"\n%%EOF", Refusal.UNREADABLE),
    "a pdf without an end": (build.document()[:200], Refusal.UNREADABLE),
    "a pdf of too many pages": (build.document(pages=201), Refusal.TOO_MANY_PAGES),
    "a pdf whose pages hold themselves": (build.endless_pages(), Refusal.UNREADABLE),
    "a pdf that unpacks to 200 megabytes": (build.unpacking_bomb(), Refusal.UNREADABLE),
}


def refusal_of(data):
    with pytest.raises(Refused) as refused:
        checks.content(build.sent(data), most_bytes=MOST)
    return refused.value


def kept(data=b"%PDF-", *, now=NOON, delete_at=None):
    return actions.keep(
        Content(Kind.PDF, data), purpose="test", subject=str(uuid4()), by=BY, now=now, delete_at=delete_at
    )


@pytest.mark.parametrize("what", FINE)
def test_a_scanned_document_is_taken(what):
    """PDF, PNG and JPEG, by their content, whatever they are called. [AR15]"""
    data, kind = FINE[what]
    taken = checks.content(build.sent(data, "evil.html", "text/html"), most_bytes=MOST)
    assert (taken.kind, taken.data) == (kind, data)


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(what):
    """Each class for its own reason, in words a person can act on. [AR15]"""
    data, code = HOSTILE[what]
    refused = refusal_of(data)
    assert refused.code is code
    assert sentence_for(refused.code, **refused.facts) != str(GENERIC)


def test_every_refusal_has_its_own_sentence():
    """No code reaches a person. [AR15]"""
    sentences = {sentence_for(code, most=10) for code in Refusal}
    assert len(sentences) == len(Refusal)
    assert str(GENERIC) not in sentences


@pytest.mark.django_db
def test_a_kept_file_lies_sealed_under_a_random_name():
    """Neither its content nor its name stands in the database; it opens to the same bytes. [V-5]"""
    data = build.document()
    upload = kept(data)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM uploads_sealed")
        stored = bytes(cursor.fetchone()[0])
    assert b"%PDF" not in stored
    assert data[20:60] not in stored
    assert queries.data_of(upload) == data


@pytest.mark.django_db
def test_swapped_contents_do_not_open():
    """The seal is bound to the row. [A-2]"""
    one, two = kept(b"%PDF-one"), kept(b"%PDF-two")
    Sealed.objects.filter(pk=one.pk).update(data=two.sealed.data)
    with pytest.raises(SealBrokenError):
        queries.data_of(one)


@pytest.mark.django_db
def test_a_file_goes_out_as_an_attachment_that_runs_nowhere():
    """Nosniff, a sandbox, a name of ours, and nothing kept in a cache. [AR15]"""
    upload = kept(build.document())
    response = attachment(upload)
    assert response["Content-Disposition"] == f'attachment; filename="{upload.pk}.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_file_is_deleted_on_its_day_and_not_before():
    """The content goes, the row says when; running late or twice changes nothing. [V-7]"""
    early, late, undated = (kept(delete_at=at) for at in (NOON, NOON + timedelta(days=1), None))
    assert actions.delete_due(by=BY, now=NOON) == 1
    assert actions.delete_due(by=BY, now=NOON) == 0
    assert set(Sealed.objects.values_list("pk", flat=True)) == {late.pk, undated.pk}
    early.refresh_from_db()
    assert (early.state, early.deleted_at) == (State.DELETED, NOON)
    with pytest.raises(Refused) as refused:
        queries.data_of(early)
    assert refused.value.code is Refusal.DELETED


@pytest.mark.django_db
def test_the_day_of_deletion_can_be_set_later():
    """A case that is decided sets it. [V-7]"""
    upload = kept()
    actions.set_deletion(upload.pk, at=NOON + timedelta(days=30))
    assert actions.delete_due(by=BY, now=NOON + timedelta(days=30)) == 1
    actions.set_deletion(upload.pk, at=None)
    assert Upload.objects.get(pk=upload.pk).delete_at == NOON + timedelta(days=30)


# --- The scan hook --------------------------------------------------------------------------------


class Scripted:
    """A scanner that says what it was told to."""

    def __init__(self, *verdicts):
        self.verdicts = list(verdicts)

    def scan(self, data, *, kind):
        return self.verdicts.pop(0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verdict", "state", "code"),
    [
        (Verdict.CLEAN, State.OPEN, None),
        (Verdict.INFECTED, State.INFECTED, Refusal.INFECTED),
        (Verdict.NONE, State.QUARANTINE, Refusal.NOT_SCANNED),
    ],
)
def test_a_file_opens_only_after_a_clean_scan(settings, verdict, state, code):
    """Until then it is in quarantine; what is infected is wiped at once. [AR15]"""
    settings.UPLOAD_SCANNER = Scripted(verdict)
    upload = kept()
    with pytest.raises(Refused) as refused:
        queries.data_of(upload)
    assert refused.value.code is Refusal.NOT_SCANNED
    scan_waiting(settings.UPLOAD_SCANNER)
    upload.refresh_from_db()
    assert upload.state == state
    assert Sealed.objects.filter(pk=upload.pk).exists() is (state is not State.INFECTED)
    if code:
        with pytest.raises(Refused) as refused:
            queries.data_of(upload)
        assert refused.value.code is code


@pytest.mark.django_db
def test_a_scanner_that_is_away_stops_the_round_and_loses_nothing(settings):
    """The rest waits for the next one. [AR15]"""
    settings.UPLOAD_SCANNER = Scripted(Verdict.NONE, Verdict.CLEAN, Verdict.CLEAN)
    uploads = [kept(), kept(now=NOON + timedelta(seconds=1))]
    assert scan_waiting(settings.UPLOAD_SCANNER) == 0
    assert scan_waiting(settings.UPLOAD_SCANNER) == 2
    assert all(Upload.objects.get(pk=each.pk).state == State.OPEN for each in uploads)


@pytest.mark.django_db
def test_what_waits_stays_closed_when_the_scanner_is_taken_out_of_service(settings):
    """Nobody said that it is clean. [AR15]"""
    settings.UPLOAD_SCANNER = Scripted()
    upload = kept()
    assert scan_waiting(None) == 0
    assert Upload.objects.get(pk=upload.pk).state == State.QUARANTINE


@pytest.fixture
def scanner_service():
    """A scanner over real HTTP; `answer` is what it says next."""

    class Door(BaseHTTPRequestHandler):
        answer = (200, b'{"verdict": "clean"}')
        seen = []

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.seen.append((body, self.headers["Authorization"], self.headers["Content-Type"]))
            self.send_response(self.answer[0])
            self.end_headers()
            self.wfile.write(self.answer[1])

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Door, f"http://127.0.0.1:{server.server_port}/scan"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ((200, b'{"verdict": "clean"}'), Verdict.CLEAN),
        ((200, b'{"verdict": "infected", "name": "x"}'), Verdict.INFECTED),
        ((200, b'{"verdict": "none"}'), Verdict.NONE),
        ((200, b'{"verdict": ["clean"]}'), Verdict.NONE),
        ((200, b"clean"), Verdict.NONE),
        ((200, json.dumps({"verdict": "clean", "more": "x" * 5000}).encode()), Verdict.NONE),
        ((503, b'{"verdict": "clean"}'), Verdict.NONE),
    ],
)
def test_the_http_scanner_reads_exactly_two_words(scanner_service, answer, verdict):
    """Anything else is no verdict. [AR15]"""
    door, url = scanner_service
    door.answer = answer
    assert HttpScanner(url=url, key="abc").scan(b"%PDF-x", kind=Kind.PDF) is verdict
    assert door.seen[-1] == (b"%PDF-x", "Bearer abc", "application/pdf")


def test_a_scanner_that_is_not_there_gives_no_verdict():
    """Nothing raises. [AR15]"""
    scanner = HttpScanner(url="http://127.0.0.1:9/scan", key="")
    assert scanner.scan(b"%PDF-x", kind=Kind.PDF) is Verdict.NONE


@pytest.mark.parametrize(
    "url", ["ftp://x", "https://", "http://scanner.example/", "https://a:b@scanner.example"]
)
def test_a_setting_that_cannot_work_stops_the_start(url):
    """A sentence names the setting. [AR15]"""
    with pytest.raises(ValueError, match="UPLOAD_SCANNER_URL"):
        scanner_at(url=url, key="", development=False)
    assert scanner_at(url="", key="", development=False) is None


# --- On the way in --------------------------------------------------------------------------------


def received(data):
    request = RequestFactory().post("/", {"file": build.sent(data)})
    request.upload_handlers = [MemoryOnly(request)]
    return request.FILES.get("file")


def test_a_large_file_never_touches_the_disk():
    """What Django would write to a temporary file stays in memory. [AR15]"""
    data = build.document() + bytes(5 * 1024**2)
    file = received(data)
    assert not hasattr(file, "temporary_file_path")
    assert file.read() == data


def test_a_file_that_is_too_large_is_thrown_away_as_it_comes():
    """Its size is known, its content is not held. [AR15]"""
    file = received(bytes(LARGEST + 1))
    assert (file.size, file.read()) == (LARGEST + 1, b"")
    with pytest.raises(Refused) as refused:
        checks.content(file, most_bytes=MOST)
    assert refused.value.code is Refusal.TOO_LARGE


def test_a_flood_is_cut_off():
    """More than four times too large is not even read. [AR15]"""
    assert received(bytes(FLOOD + 100_000)) is None
