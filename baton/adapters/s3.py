"""Files in S3 or in what speaks like it. Needs the extra `s3`, and is imported only where a bucket is set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from baton.adapters.storage import Missing, Readable, Unreachable

# Refusals of the server, failures on the way to it, and failures of an upload in parts.
FAILURES = (ClientError, BotoCoreError, Boto3Error)


class S3Files(S3Storage):  # type: ignore[misc]  # without types
    """A bucket. django-storages does the talking; reading is ours, since it would fetch a whole file for any range."""

    def take_in(self, path: Path, name: str) -> None:
        """Upload the file, in parts where it is large, and remove it here. Raises OSError."""
        with path.open("rb") as file:
            try:
                self.save(name, File(file))
            except FAILURES as error:
                raise Unreachable(f"The file could not be stored: {error}") from error
        path.unlink()

    def open_from(self, name: str, start: int) -> Readable:
        """Open the object at a place, as a stream from the network."""
        asked = {"Range": f"bytes={start}-"} if start else {}
        return cast(Readable, self._ask(name, lambda found: found.get(**asked)["Body"]))

    def measure(self, name: str) -> int:
        """Return the object's size."""
        return int(self._ask(name, lambda found: found.content_length))

    def older_than(self, moment: datetime) -> Iterator[str]:
        """List the bucket."""
        prefix = f"{self.location.rstrip('/')}/" if self.location else ""
        for found in self.bucket.objects.filter(Prefix=prefix):
            if found.last_modified < moment:
                yield found.key.removeprefix(prefix)

    def _ask(self, name: str, question: Any) -> Any:
        try:
            return question(self.bucket.Object(self._normalize_name(name)))
        except FAILURES as error:
            if isinstance(error, ClientError) and error.response["Error"]["Code"] in {"404", "NoSuchKey"}:
                raise Missing(name) from None
            raise Unreachable(f"The store can't be asked: {error}") from error
