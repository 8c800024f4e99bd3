"""subscribe_to_report and unsubscribe_from_report: works · twice · invisible · event recorded · who leaves."""

from __future__ import annotations

import pytest

from baton.core.actor import Actor
from baton.core.commands.members import remove_member
from baton.core.commands.report_subscriptions import subscribe_to_report, unsubscribe_from_report
from baton.core.errors import NotFound
from baton.core.models import Event, Project, ReportSubscription, User
from baton.core.queries.report_subscriptions import is_subscribed_to_report, list_report_subscriptions
from tests.cast import Cast
from tests.factories import actor_of
from tests.traces import nothing_changes


def readers(project: Project) -> set[int]:
    return set(ReportSubscription.objects.filter(project=project).values_list("user", flat=True))


def test_works_and_twice_is_once(cast: Cast) -> None:
    viewer, project = actor_of(cast.viewer), cast.project
    assert not is_subscribed_to_report(viewer, project.pk)
    subscribe_to_report(viewer, project.pk)
    with nothing_changes():
        subscribe_to_report(viewer, project.pk)
        unsubscribe_from_report(actor_of(cast.editor), project.pk)
    assert is_subscribed_to_report(viewer, project.pk)
    assert not is_subscribed_to_report(actor_of(cast.editor), project.pk)
    assert readers(project) == {cast.viewer.pk}
    unsubscribe_from_report(viewer, project.pk)
    assert readers(project) == set()


def test_it_is_ones_own_business(cast: Cast) -> None:
    """The events are about the person alone, so nobody else sees them."""
    subscribe_to_report(actor_of(cast.viewer), cast.project.pk)
    unsubscribe_from_report(actor_of(cast.viewer), cast.project.pk)
    told = Event.objects.filter(verb__startswith="report.").order_by("id")
    rows = [(event.verb, event.user_id, event.project_id, event.data["project"]) for event in told]
    assert rows == [
        ("report.subscribed", cast.viewer.pk, None, cast.project.pk),
        ("report.unsubscribed", cast.viewer.pk, None, cast.project.pk),
    ]


def test_invisible(cast: Cast) -> None:
    confined = Actor(cast.owner.pk, is_live=True, project_id=cast.project.pk + 1)
    with nothing_changes():
        for actor in (actor_of(cast.outsider), confined):
            for ask in (subscribe_to_report, unsubscribe_from_report, is_subscribed_to_report):
                with pytest.raises(NotFound):
                    ask(actor, cast.project.pk)


def test_who_leaves_the_project_leaves_its_report(cast: Cast) -> None:
    for user in (cast.viewer, cast.editor):
        subscribe_to_report(actor_of(user), cast.project.pk)
    remove_member(actor_of(cast.owner), cast.project.pk, cast.viewer.pk)
    assert readers(cast.project) == {cast.editor.pk}


def test_letters_go_to_those_who_can_get_them(cast: Cast) -> None:
    for user in (cast.owner, cast.editor, cast.newcomer):  # the newcomer has no address
        subscribe_to_report(actor_of(user), cast.project.pk)
    User.objects.filter(pk=cast.editor.pk).update(is_active=False)
    assert [row.user for row in list_report_subscriptions()] == [cast.owner]
    Project.objects.filter(pk=cast.project.pk).update(trashed_at=cast.project.created_at)
    assert not list(list_report_subscriptions())
