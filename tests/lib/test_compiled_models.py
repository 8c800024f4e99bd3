"""Compiled queries whose rows are instances."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from baton.core.models import Event, MailHours, Task, User
from baton.core.policies.visibility import tasks_seen_by
from baton.lib.compiled import LIMITED
from baton.lib.compiled_models import CompiledModels
from baton.lib.statements import Param
from tests.cast import Cast
from tests.factories import make_task

pytestmark = pytest.mark.django_db


def events_of(_: tuple[()]) -> QuerySet[Event]:
    return Event.objects.filter(task=Param("task")).select_related("actor", "task__project").order_by("pk")


def account(_: tuple[()]) -> QuerySet[User]:
    return User.objects.filter(pk=Param("user")).select_related("mail_hours")


def seen(_: tuple[()]) -> QuerySet[Task]:
    return tasks_seen_by(Param("viewer")).filter(pk__any_of=Param("tasks"))


def test_instances_are_what_the_orm_gives(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project, description="All of it", assignees=[cast.editor.pk])
    expected = list(Event.objects.filter(task=task).order_by("pk"))
    found = CompiledModels(events_of).find((), {"task": task.pk})
    assert found == expected
    assert [model_to_dict(one) for one in found] == [model_to_dict(one) for one in expected]
    assert found[0].changes["title"] == [None, task.title]
    assert found[0].at == expected[0].at


def test_related_ones_come_with_them(cast: Cast) -> None:
    task = make_task(cast.owner, cast.project)
    with CaptureQueriesContext(connection) as asked:
        (event,) = CompiledModels(events_of).find((), {"task": task.pk})
        assert event.actor == User(pk=cast.owner.pk)
        assert event.actor.username
        assert event.task is not None
        assert event.task.project.name == cast.project.name
    assert len(asked) == 1


def test_a_related_one_that_is_missing_is_missing_without_a_question(cast: Cast) -> None:
    query = CompiledModels(account, LIMITED)
    with CaptureQueriesContext(connection) as asked:
        user = query.first((), {"user": cast.owner.pk})
        assert user is not None
        with pytest.raises(MailHours.DoesNotExist):
            _ = user.mail_hours
    assert len(asked) == 1
    MailHours.objects.create(user_id=cast.owner.pk, digest_hour=7)
    user = query.first((), {"user": cast.owner.pk})
    assert user is not None
    assert user.mail_hours.digest_hour == 7
    assert query.first((), {"user": 0}) is None


def test_an_instance_is_one_to_go_on_with(cast: Cast) -> None:
    user = CompiledModels(account, LIMITED).first((), {"user": cast.owner.pk})
    assert user is not None
    user.name = "Olga"
    user.save(update_fields=["name"])
    assert User.objects.get(pk=cast.owner.pk).name == "Olga"


def test_each_shape_is_compiled_once_whatever_confines_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    task = make_task(cast.owner, cast.project)
    query = CompiledModels(seen)
    values = {"viewer": cast.owner.pk, "tasks": [task.pk]}
    for within in (None, cast.project.pk):
        assert query.find((), {**values, "within": within}) == [task]

    def compile_again(*_args: object, **_options: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(SQLCompiler, "pre_sql_setup", compile_again)
    assert query.find((), {**values, "within": None}) == [task]
    assert query.find((), {**values, "within": cast.project.pk}) == [task]
    assert query.find((), {**values, "within": cast.project.pk + 1}) == []
