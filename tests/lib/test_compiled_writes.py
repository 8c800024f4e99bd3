"""Compiled inserts and updates leave the rows that `save` would leave."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.sql.compiler import SQLInsertCompiler
from django.db.transaction import TransactionManagementError
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from baton.core.models import Assignment, Event, Member, Project, ReactionCursor, Task, User
from baton.lib.compiled import Compiled
from baton.lib.compiled_writes import CompiledUpdate, Update, insert, insert_all, update
from baton.lib.statements import Param
from tests.cast import Cast
from tests.factories import make_task


def a_user(name: str) -> User:
    return User(username=name, username_folded=name, email_folded=f"{name}@example.org", password="!")


@pytest.mark.django_db
def test_a_row_is_what_save_would_have_written() -> None:
    ours, theirs = a_user("ours"), a_user("theirs")
    insert(ours)
    theirs.save()
    read = User.objects.get(pk=ours.pk)
    own = {"id", "uuid", "username", "username_folded", "email_folded"}
    for field in User._meta.concrete_fields:
        if field.name not in own | {"created_at", "updated_at"}:
            assert getattr(read, field.attname) == getattr(User.objects.get(pk=theirs.pk), field.attname)
    assert (read.uuid, read.created_at, read.updated_at) == (ours.uuid, ours.created_at, ours.updated_at)
    assert not ours._state.adding


@pytest.mark.django_db
def test_what_the_database_fills_in_and_json_are_as_the_orm_has_them() -> None:
    rows = [Event(verb="test", at=timezone.now(), surface="test", changes={"a": [None, "ё"]}) for _ in range(2)]
    with transaction.atomic():
        insert(rows[0])
        rows[1].save()
        ours, theirs = (Event.objects.get(pk=row.pk) for row in rows)
    assert ours.transaction == theirs.transaction
    assert {**model_to_dict(ours), "id": 0, "at": 0} == {**model_to_dict(theirs), "id": 0, "at": 0}


def test_a_broken_constraint_is_an_integrity_error(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Member(project=cast.project, user=cast.owner, role="owner"))
    task = make_task(cast.owner, cast.project)
    task.priority = 9
    with pytest.raises(IntegrityError), transaction.atomic():
        update(task, ["priority"])
    assert Task.objects.get(pk=task.pk).priority == 2


def test_several_rows_are_one_statement_and_get_their_ids_in_order(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    rows = [Assignment(task=task, user=user, position=place) for place, user in enumerate((cast.viewer, cast.owner))]
    with CaptureQueriesContext(connection) as queries:
        insert_all(rows)
        insert_all([])
    assert len(queries) == 1
    found = Assignment.objects.filter(task=task).order_by("position").values_list("pk", "user_id")
    assert list(found) == [(rows[0].pk, cast.viewer.pk), (rows[1].pk, cast.owner.pk)]


def test_update_writes_the_named_columns_only(cast: Cast) -> None:
    project = cast.project
    project.name, project.description, project.owner = "New", "not saved", cast.editor
    update(project, ["name", "owner_id"])
    read = Project.objects.get(pk=project.pk)
    assert (read.name, read.description, read.owner) == ("New", "", cast.editor)


def test_update_of_a_row_that_is_gone_is_an_error(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    Task.objects.filter(pk=task.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        update(task, ["title"])


def test_the_sql_is_compiled_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    task = make_task(cast.owner, cast.project)
    insert(Assignment(task=task, user=cast.owner, position=0))

    def compile_again(*_args: Any, **_options: Any) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(SQLInsertCompiler, "as_sql", compile_again)
    insert(Assignment(task=task, user=cast.editor, position=1))
    assert Assignment.objects.filter(task=task).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused() -> None:
    """It would be gone at once, and whoever counts on it would race."""
    locked: Compiled[tuple[()]] = Compiled(lambda _shape: Project.objects.select_for_update().values_list("pk"))
    with transaction.atomic():
        assert locked.rows((), {}) == []
    with pytest.raises(TransactionManagementError):
        locked.rows((), {})


def moved(is_far: bool) -> Update:
    cursors = ReactionCursor.objects.filter(name=Param("name"), event_id=Param("from"))
    return cursors, {"event_id": F("event_id") + (100 if is_far else 1)}


@pytest.mark.django_db
def test_a_compiled_update_changes_what_its_condition_holds_for() -> None:
    ReactionCursor.objects.bulk_create(ReactionCursor(name=name, event_id=7) for name in ("a 50 %", "b"))
    move = CompiledUpdate(moved)
    assert move.run(False, {"name": "a 50 %", "from": 7}) == 1
    assert move.run(False, {"name": "a 50 %", "from": 7}) == 0
    assert move.run(True, {"name": "a 50 %", "from": 8}) == 1
    assert dict(ReactionCursor.objects.values_list("name", "event_id")) == {"a 50 %": 108, "b": 7}
