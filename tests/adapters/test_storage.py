"""The store in a folder."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation

from baton.adapters import storage
from baton.adapters.staging import Staging, leftovers, staging_folder
from tests.stores import files_in

pytestmark = pytest.mark.usefixtures("store")
Stage = Callable[[bytes], Staging]


def test_a_kept_file_is_read_from_any_place(store: Path, staged: Stage) -> None:
    staging = staged(b"0123456789")
    name = storage.keep(staging, storage.file_name())

    assert files_in(store) == {name}
    assert name[:6] == f"{name[6:8]}/{name[8:10]}/"
    assert staging.sha256 == storage.checksum(name) == hashlib.sha256(b"0123456789").hexdigest()
    assert storage.size_of(name) == staging.size == 10
    with closing(storage.open_kept(name, 7)) as file:
        assert (file.read(2), file.read(), file.read()) == (b"78", b"9", b"")

    storage.remove(name)
    storage.remove(name)
    assert files_in(store) == set()
    for ask in (storage.open_kept, storage.size_of, storage.checksum):
        with pytest.raises(storage.Missing):
            ask(name)


@pytest.mark.parametrize(
    "name",
    ["../secret_key", "/etc/passwd", "ab/cd/../../../secret_key", "staging/x", "ab/cd/x", "", "a" * 32, "avatars/../x"],
)
def test_only_names_that_the_store_made_are_opened(store: Path, staged: Stage, name: str) -> None:
    (store.parent / "secret_key").write_text("secret")
    for ask in (storage.open_kept, storage.size_of, storage.remove):
        with pytest.raises(SuspiciousFileOperation):
            ask(name)
    with pytest.raises(SuspiciousFileOperation):
        storage.keep(staged(b"x"), name)


def test_a_link_does_not_lead_out_of_the_folder(store: Path) -> None:
    (store.parent / "secret").write_text("secret")
    name = storage.file_name()
    (store / name).parent.mkdir(parents=True)
    (store / name).symlink_to(store.parent / "secret")
    with pytest.raises(SuspiciousFileOperation):
        storage.open_kept(name)


def test_a_discarded_file_is_gone_and_a_kept_one_stays(store: Path, staged: Stage) -> None:
    unfinished = Staging()
    unfinished.write(b"half")
    unfinished.discard()
    unfinished.discard()
    kept = staged(b"whole")
    name = storage.keep(kept, storage.file_name())
    kept.discard()
    assert files_in(store) == {name}


def test_tells_old_files_from_new_ones(store: Path, staged: Stage) -> None:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    old, new = (storage.keep(staged(b"x"), storage.file_name()) for _ in range(2))
    picture = storage.keep(staged(b"x"), storage.avatar_name())
    small = storage.keep(staged(b"x"), storage.thumbnail_name(old))
    left = staged(b"x")
    for path in (store / old, store / picture, store / small, left.path):
        os.utime(path, (time.time() - 3700,) * 2)
    (store / "ab/cd").mkdir(parents=True)
    (store / "ab/cd/of somebody else").touch()
    os.utime(store / "ab/cd/of somebody else", (0, 0))

    assert set(storage.kept_before(an_hour_ago)) == {old, picture, small}
    assert (store / new).exists()
    assert list(leftovers(an_hour_ago)) == [left.path]
    assert left.path.parent == staging_folder()
