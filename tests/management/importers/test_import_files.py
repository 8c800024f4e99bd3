"""`import_from`: the files of tasktable."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.test import Client

from baton.core.models import Event
from tests.management.importers.old_systems import TOKEN, run
from tests.traces import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder, outside = tmp_path / "mediafiles", tmp_path / "outside.txt"
    folder.mkdir()
    outside.write_bytes(b"secret")
    (folder / "photo of May.txt").write_bytes(b"May" * 1_000_000)
    (folder / "plain.txt").write_bytes(b"plain")
    (folder / "inside.txt").symlink_to("plain.txt")
    (folder / "leads-out.txt").symlink_to(outside)
    (folder / "leads-up.txt").symlink_to("../outside.txt")
    (folder / "leads-nowhere.txt").symlink_to("nothing")
    (folder / "leads-in-a-circle").symlink_to("leads-in-a-circle")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    return folder


def test_files_keep_their_addresses(table: str, media: Path) -> None:
    with nothing_changes():
        dry = run("tasktable", table, "--media", str(media), "--dry-run")
    assert "files: 3 would be imported, 0 here already, 6 left out" in dry
    said = run("tasktable", table, "--media", str(media))

    assert "files: 3 imported, 0 here already, 6 left out" in said
    assert "'leads-out.txt' is no file of that folder" in said
    headers = {"Authorization": f"Token {TOKEN}"}
    answer = Client().get("/tasktable/mediafiles/photo%20of%20May.txt", headers=headers)
    assert answer.status_code == 200
    assert answer.getvalue() == b"May" * 1_000_000
    assert Client().get("/tasktable/mediafiles/leads-out.txt", headers=headers).status_code == 404
    assert Client().get("/tasktable/mediafiles/plain.txt").status_code == 403
    event = Event.objects.filter(verb="file.shared").first()
    assert event is not None
    assert (event.actor_id, event.surface) == (None, "import")
    (media / "new.txt").write_bytes(b"new")
    assert "files: 1 imported, 3 here already, 6 left out" in run("tasktable", table, "--media", str(media))


def test_a_file_that_goes_by_another_name_here_is_told(table: str, media: Path) -> None:
    (media / "two  blanks.txt").write_bytes(b"x")
    os.close(os.open(os.fsencode(media) + b"/not-utf8-\xff.txt", os.O_CREAT | os.O_WRONLY))
    said = run("tasktable", table, "--media", str(media))

    assert "The file 'two  blanks.txt' is called 'two blanks.txt' here" in said
    assert r"'not-utf8-\udcff.txt' is called 'not-utf8-.txt' here" in said


def test_a_folder_of_files_is_one(table: str, issues: str, tmp_path: Path) -> None:
    with nothing_changes(), pytest.raises(CommandError, match="can't be read"):
        run("tasktable", table, "--media", str(tmp_path / "nothing"))
    with nothing_changes(), pytest.raises(CommandError, match="Only tasktable had files"):
        run("issuetracker", issues, "--media", str(tmp_path))
