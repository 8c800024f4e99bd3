"""The store in a bucket."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from baton.adapters import storage
from baton.adapters.staging import Staging
from baton.reactions.thumbnails import make_thumbnails
from tests.cast import Cast
from tests.factories import make_task
from tests.files.forms import Sender
from tests.runtime.serving import free_port
from tests.servers.s3 import Bucket, s3_server
from tests.stores import files_in, picture

pytest.importorskip("storages.backends.s3", reason="the extra `s3` is not installed")
Stage = Callable[[bytes], Staging]


@pytest.fixture
def bucket(settings: Any, store: Path) -> Iterator[Bucket]:
    """Return the bucket that the store keeps its files in."""
    with s3_server() as bucket:
        options = {
            "bucket_name": "baton",
            "endpoint_url": bucket.address,
            "region_name": "eu-north-1",
            "access_key": "key",
            "secret_key": "secret",
            "file_overwrite": True,
        }
        s3 = {"BACKEND": "baton.adapters.s3.S3Files", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "default": s3}
        yield bucket


def test_a_kept_file_is_read_from_any_place(bucket: Bucket, store: Path, staged: Stage) -> None:
    staging = staged(b"0123456789")
    name = storage.keep(staging, storage.file_name())
    assert bucket.objects == {name: b"0123456789"}
    assert files_in(store) == set()
    assert storage.size_of(name) == 10
    assert storage.checksum(name) == staging.sha256
    bucket.asked.clear()
    with closing(storage.open_kept(name, 7)) as file:
        assert (file.read(2), file.read(5), file.read(5)) == (b"78", b"9", b"")
    assert bucket.asked == [("GET", name, "bytes=7-")]
    with storage.local_copy(name) as copy:
        copy.seek(5)
        assert copy.read() == b"56789"

    storage.remove(name)
    storage.remove(name)
    assert bucket.objects == {}
    for ask in (storage.open_kept, storage.size_of, storage.checksum):
        with pytest.raises(storage.Missing):
            ask(name)


def test_a_large_file_goes_in_parts(bucket: Bucket, staged: Stage) -> None:
    content = bytes(range(256)) * 80_000
    name = storage.keep(staged(content), storage.file_name())
    assert hashlib.sha256(bucket.objects[name]).digest() == hashlib.sha256(content).digest()
    assert [verb for verb, _, _ in bucket.asked].count("PUT") > 1


def test_tells_old_files_from_new_ones(bucket: Bucket, staged: Stage) -> None:
    name = storage.keep(staged(b"x"), storage.file_name())
    bucket.objects["of/somebody/else"] = b"x"
    assert list(storage.kept_before(datetime(2026, 11, 21, 11, tzinfo=UTC))) == [name]
    assert list(storage.kept_before(datetime(2026, 11, 21, 9, tzinfo=UTC))) == []


def test_a_bucket_out_of_reach_is_told_from_a_missing_file(bucket: Bucket, staged: Stage) -> None:
    name = storage.keep(staged(b"x"), storage.file_name())
    bucket.refuses = True
    with pytest.raises(storage.Unreachable, match="can't be asked"):
        storage.size_of(name)
    with pytest.raises(storage.Unreachable, match="could not be stored"):
        storage.keep(staged(b"x"), storage.file_name())


def test_nobody_listens(settings: Any, bucket: Bucket, staged: Stage) -> None:
    default = settings.STORAGES["default"]
    nowhere = {**default["OPTIONS"], "endpoint_url": f"http://127.0.0.1:{free_port()}"}
    settings.STORAGES = {**settings.STORAGES, "default": {**default, "OPTIONS": nowhere}}
    with pytest.raises(storage.Unreachable):
        storage.size_of(storage.file_name())


def test_attachments_work_as_with_a_folder(cast: Cast, bucket: Bucket) -> None:
    editor, content = Sender(cast.editor), picture("PNG", (900, 600))
    shape = editor.attach(make_task(cast.owner, cast.project).pk, content, "x.png").json()
    assert editor.get(shape["url"]).body == content
    part = editor.get(shape["url"], HTTP_RANGE="bytes=10-19")
    assert (part.status_code, part.body) == (206, content[10:20])
    make_thumbnails()
    assert editor.get(f"/api/attachments/{shape['id']}/thumbnail/").body[8:12] == b"WEBP"
    bucket.refuses = True
    answer = editor.get(shape["url"])
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "unavailable", "2")
    bucket.refuses = False
    bucket.objects.clear()
    assert editor.get(shape["url"]).json()["code"] == "file_missing"
