"""One file in a form, streamed into the store's staging area while it arrives; memory holds one piece of it."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from baton.adapters.staging import Staging
from baton.core.errors import FieldError
from baton.surfaces.wire.parsers import StrictMultiPartParser
from baton.surfaces.wire.problems import pointer, printable
from baton.surfaces.wire.refusals import Refused
from baton.surfaces.wire.requests import WireRequest
from baton.surfaces.wire.views import Access, BatonView

# What a form may have around its file.
_AROUND = 64 * 1024


class StagedFile(UploadedFile):  # type: ignore[type-arg]  # generic in the stubs only
    """The file of a form, whole and on the disk but in no store yet."""

    def __init__(self, staging: Staging, name: str, content_type: str) -> None:
        super().__init__(staging.path.open("rb"), name, content_type, staging.size)
        self.staging = staging


class OneFile(FileUploadHandler):
    """Takes the one file of a form, under the name `field` and of at most `limit` bytes, and refuses any other.

    Raises Refused: 400 for another file, 413 for a long one.
    """

    chunk_size = 256 * 1024

    def __init__(self, request: HttpRequest, field: str, limit: int) -> None:
        super().__init__(request)
        self._field = field
        self._limit = limit
        self._staging: Staging | None = None
        self._file: StagedFile | None = None

    def new_file(self, field_name: str, file_name: str, content_type: str, *rest: Any, **more: Any) -> None:
        """Begin a file."""
        super().new_file(field_name, file_name, content_type, *rest, **more)
        if field_name != self._field:
            _refuse(400, pointer(printable(field_name)), "unknown_field", "There is no such field for a file here.")
        if self._staging is not None:
            _refuse(400, pointer(self._field), "too_many_files", "Send one file at a time.")
        self._staging = Staging()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece."""
        staging = cast(Staging, self._staging)
        if staging.size + len(raw_data) > self._limit:
            raise too_large(self._field, self._limit)
        staging.write(raw_data)

    def file_complete(self, file_size: int) -> StagedFile:
        """Bring the file to the disk."""
        staging = cast(Staging, self._staging)
        staging.finish()
        self._file = StagedFile(staging, self.file_name or "", self.content_type or "")
        return self._file

    def upload_interrupted(self) -> NoReturn:
        """Refuse a form that ends inside its file."""
        raise Refused(400, "parse_error", "The upload was cut off before its end.")

    def discard(self) -> None:
        """Remove what no store has taken in."""
        if self._file is not None:
            self._file.close()
        if self._staging is not None:
            self._staging.discard()


class TakesFile(BatonView):
    """A view whose `file_methods` take a form with a file in `file_field`.

    Nothing of the file stays after the request but what a command has moved into the store.
    """

    access = Access.SIGNED_IN
    file_field: ClassVar[str] = "file"
    file_methods: ClassVar[frozenset[str]] = frozenset({"POST"})

    _upload: OneFile | None = None

    def largest_file(self) -> int:
        """Return how many bytes a file may have."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and leave no unfinished file behind."""
        try:
            return super().dispatch(request, *args, **kwargs)
        finally:
            if self._upload is not None:
                self._upload.discard()

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> WireRequest:
        """Have the form's file written to the staging area, whoever comes to read the form."""
        if request.method in self.file_methods:
            self._upload = OneFile(request, self.file_field, self.largest_file())
            request.upload_handlers = [self._upload]
        return super().initialize_request(request, *args, **kwargs)

    def refuse_long_form(self) -> None:
        """Refuse a form that announces more than the file may have, before it is read. Raises Refused (413)."""
        announced = self.request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) > self.largest_file() + _AROUND:
            raise too_large(self.file_field, self.largest_file())


class FormOnly(TakesFile):
    """A view that takes nothing but such a form."""

    access = TakesFile.access
    parser_classes = (StrictMultiPartParser,)


def too_large(field: str, limit: int) -> Refused:
    """Return the refusal of a file that is too long."""
    detail = f"A file may have at most {limit:,} bytes."
    return Refused(413, "too_large", detail, (FieldError(pointer(field), "too_large", detail),))


def _refuse(status: int, where: str, code: str, detail: str) -> NoReturn:
    raise Refused(status, "invalid", detail, (FieldError(where, code, detail),))
