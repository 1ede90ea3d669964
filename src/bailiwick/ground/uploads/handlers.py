"""How a file comes in: held in memory, never in a temporary file, where it would lie readable. (AR15)"""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

LARGEST = 10 * 1024**2
# A little more is read and thrown away, so that the page can say what was wrong; a flood is cut off.
FLOOD = 4 * LARGEST


class MemoryOnly(FileUploadHandler):
    """Django's own handlers write what is large to the disk.

    A file that is too large comes without its content, but with its size.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._held, self._size = BytesIO(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's signature
        self._size += len(raw_data)
        if self._size > FLOOD:
            raise StopUpload(connection_reset=True)
        if self._size <= LARGEST:
            self._held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        if self._size > LARGEST:
            self._held = BytesIO()
        self._held.seek(0)
        return InMemoryUploadedFile(
            file=self._held,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
