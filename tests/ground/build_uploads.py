"""Files as people and attackers send them, made byte by byte."""

import struct
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject


def picture(name="PNG", size=(40, 30), **options):
    held = BytesIO()
    Image.new("RGB", size, "white").save(held, name, **options)
    return held.getvalue()


def document(change=None, *, pages=1, password=""):
    """A PDF; `change` gets the writer before it is written."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if change:
        change(writer)
    if password:
        writer.encrypt(password)
    held = BytesIO()
    writer.write(held)
    return held.getvalue()


def action(kind, **more):
    entries = {NameObject("/Type"): NameObject("/Action"), NameObject("/S"): NameObject(kind)}
    entries |= {NameObject(f"/{name}"): TextStringObject(text) for name, text in more.items()}
    return DictionaryObject(entries)


def opens_with(kind, **more):
    """A change: the document does this as soon as it is opened."""

    def change(writer):
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(action(kind, **more))

    return change


def hides(kind, **more):
    """A change: an action that nothing refers to."""
    return lambda writer: writer._add_object(action(kind, **more))


def named_script(writer):
    """A change: a script in the document's table of names."""
    reference = writer._add_object(action("/JavaScript", JS="app.alert(1)"))
    table = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), reference])})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): table})


def on_page(kind, **more):
    """A change: a link on the first page does this."""

    def change(writer):
        link = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Link"),
                NameObject("/A"): action(kind, **more),
            }
        )
        writer.pages[0][NameObject("/Annots")] = ArrayObject([link])

    return change


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(*chunks):
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def pixel_bomb():
    """A few bytes that say they are a picture of ten thousand million pixels."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return png_of(chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(bytes(1000))), chunk(b"IEND", b""))


def moving():
    one, two = Image.new("RGB", (9, 9), "red"), Image.new("RGB", (9, 9), "blue")
    held = BytesIO()
    one.save(held, "PNG", save_all=True, append_images=[two])
    return held.getvalue()


def pdf_of(*objects, trailer):
    """Hand-made: objects as bytes, numbered from 1, with a table that is right."""
    data, places = b"%PDF-1.5\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)


def endless_pages():
    """A page tree that contains itself."""
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 2 0 R] >>",
        trailer=b"<< /Size 3 /Root 1 0 R >>",
    )


def unpacking_bomb(megabytes=200):
    """An object stream that unpacks to 200 megabytes."""
    pressed = zlib.compress(bytes(megabytes * 1024**2), 9)
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
    table = b"<< /Type /XRef /Size 4 /W [1 4 2] /Root 1 0 R /Index [0 4] /Length 28 >>\nstream\n%s\nendstream"
    data, places = b"%PDF-1.5\n", []
    for number, each in enumerate(
        (b"<< /Type /Catalog /Pages 3 0 R >>", stream % (len(pressed), pressed)), start=1
    ):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(data)
    rows = struct.pack(">BIH", 0, 0, 65535) + b"".join(struct.pack(">BIH", 1, at, 0) for at in places)
    rows += struct.pack(">BIH", 2, 2, 0)
    return data + b"4 0 obj\n" + table % rows + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def sent(data, name="scan.pdf", content_type="application/pdf"):
    """As a browser sends it: what it says of the file is up to whoever sits there."""
    return SimpleUploadedFile(name, data, content_type=content_type)
