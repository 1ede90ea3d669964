"""Makes a PDF ready to be signed: an empty form that asks every program to add to the file and rewrite nothing.

Used in the typesetter's process. The same PDF gives the same bytes, so that what comes back signed can be compared.
"""

import hashlib
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NumberObject,
    pdf_name,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

# PDF 32000-1, table 219, bit 2: what is added goes behind the end, or signatures break.
APPEND_ONLY = 2
ID_BYTES = 16


class _SteadyWriter(IncrementalPdfFileWriter):
    """The library gives every update an identifier by chance, and its own moment; ours follows from what was there before."""

    @classmethod
    def _handle_id(cls, prev: Any) -> ArrayObject:
        prev.stream.seek(0)
        second = hashlib.sha256(prev.stream.read()).digest()[:ID_BYTES]
        return ArrayObject([ByteStringObject(prev.document_id[0]), ByteStringObject(second)])

    def _update_meta(self) -> None:
        """Title, author and date stay the typesetter's."""


def ready_to_sign(pdf: bytes) -> bytes:
    """The PDF with an empty form that is only ever added to."""
    writer = _SteadyWriter(BytesIO(pdf))
    empty_form = DictionaryObject(
        {pdf_name("/Fields"): ArrayObject(), pdf_name("/SigFlags"): NumberObject(APPEND_ONLY)}
    )
    writer.root[pdf_name("/AcroForm")] = writer.add_object(empty_form)
    writer.update_root()
    made = BytesIO()
    writer.write(made)
    return made.getvalue()
