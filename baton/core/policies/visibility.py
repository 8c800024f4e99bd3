"""What an actor may see. Everything is found through these, so what is invisible does not exist."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from baton.core.actor import Actor
from baton.core.events.facts.tasks import TaskTrashed
from baton.core.models import Attachment, Comment, Delegation, Event, Member, Notification, Project, Task, User
from baton.core.models.project import Visibility
from baton.lib.compiled import WITHIN, is_confined
from baton.lib.statements import Param

Viewer = Actor | Param
"""Whose eyes: an actor's, or the place of a user's id in a compiled query that is run with `viewer_values`."""


def viewer_values(actor: Actor) -> dict[str, int | None]:
    """Return the parameters of a compiled query about what the actor sees (`Param("viewer")`)."""
    return {"viewer": actor.user_id, WITHIN: actor.project_id}


def visible_projects(actor: Actor) -> QuerySet[Project]:
    """Return the projects the actor sees: those they belong to, and the open ones."""
    return projects_seen_by(actor)


def visible_tasks(actor: Actor) -> QuerySet[Task]:
    """Return the tasks of the projects the actor sees, without those in the trash."""
    return tasks_seen_by(actor)


def visible_comments(actor: Actor) -> QuerySet[Comment]:
    """Return the comments on the tasks the actor sees."""
    return Comment.objects.filter(task__in=visible_tasks(actor))


def visible_attachments(actor: Actor) -> QuerySet[Attachment]:
    """Return the files on the tasks the actor sees, without those in the trash."""
    return Attachment.objects.filter(task__in=visible_tasks(actor), trashed_at=None)


def visible_delegations(actor: Actor) -> QuerySet[Delegation]:
    """Return the delegations of the tasks the actor sees."""
    return Delegation.objects.filter(task__in=visible_tasks(actor))


def trashed_projects(actor: Actor) -> QuerySet[Project]:
    """Return the projects in the trash that the actor belongs to."""
    seen = Project.objects.filter(
        Exists(Member.objects.filter(project=OuterRef("pk"), user=actor.user_id)), trashed_at__isnull=False
    )
    return seen if actor.project_id is None else seen.filter(pk=actor.project_id)


def trashed_tasks(actor: Actor) -> QuerySet[Task]:
    """Return the tasks in the trash of projects that the actor sees, or that lie there too and are the actor's."""
    seen = Task.objects.filter(
        Q(project__visibility=Visibility.OPEN, project__trashed_at=None)
        | Exists(Member.objects.filter(project=OuterRef("project"), user=actor.user_id)),
        trashed_at__isnull=False,
    )
    return seen if actor.project_id is None else seen.filter(project=actor.project_id)


def users_who_see(project: Project) -> QuerySet[User]:
    """Return the active users who see the project and its tasks."""
    users = User.objects.filter(is_active=True)
    if project.visibility == Visibility.OPEN:
        return users
    return users.filter(Exists(Member.objects.filter(project=project, user=OuterRef("pk"))))


def sees_project(project: Project, role: str | None, *, is_active: bool) -> bool:
    """Is somebody of whom this is known among `users_who_see` the project?"""
    return is_active and (role is not None or project.visibility == Visibility.OPEN)


def projects_seen_by(viewer: Viewer) -> QuerySet[Project]:
    """Return what `visible_projects` does, for an actor or a parameter."""
    seen = Project.objects.filter(
        Q(visibility=Visibility.OPEN) | Exists(Member.objects.filter(project=OuterRef("pk"), user=_user(viewer))),
        trashed_at=None,
    )
    within = _within(viewer)
    return seen if within is None else seen.filter(pk=within)


def tasks_seen_by(viewer: Viewer) -> QuerySet[Task]:
    """Return what `visible_tasks` does, for an actor or a parameter."""
    seen = Task.objects.filter(
        Q(project__visibility=Visibility.OPEN)
        | Exists(Member.objects.filter(project=OuterRef("project"), user=_user(viewer))),
        project__trashed_at=None,
        trashed_at=None,
    )
    within = _within(viewer)
    return seen if within is None else seen.filter(project=within)


def tasks_of_all_seen_by(viewer: Viewer) -> QuerySet[Task]:
    """Return what `tasks_seen_by` does, for lists over all projects: it looks up the viewer's projects once.

    The other form asks about the project of each row, which is less work where it is always the same one.
    """
    return Task.objects.filter(project_id__among=projects_seen_by(viewer).values("pk"), trashed_at=None)


def events_seen_by(viewer: Viewer) -> QuerySet[Event]:
    """Return the events of the projects a user belongs to or that are open, and those about the user alone.

    Events of a project in the trash stay visible to its members: they tell where it went.
    """
    seen = Event.objects.filter(
        Q(project__visibility=Visibility.OPEN, project__trashed_at=None)
        | Exists(Member.objects.filter(project=OuterRef("project"), user=_user(viewer)))
        | Q(project=None, user=_user(viewer))
    )
    within = _within(viewer)
    return seen if within is None else seen.filter(project=within)


def events_of_all_seen_by(viewer: Viewer) -> QuerySet[Event]:
    """Return what `events_seen_by` does, in the form for reading over all projects (as `tasks_of_all_seen_by`)."""
    within = _within(viewer)
    if within is not None:
        return events_seen_by(viewer)
    projects = Project.objects.filter(
        Q(visibility=Visibility.OPEN, trashed_at=None)
        | Exists(Member.objects.filter(project=OuterRef("pk"), user=_user(viewer)))
    )
    return Event.objects.filter(Q(project_id__among=projects.values("pk")) | Q(project=None, user=_user(viewer)))


def notifications_seen_by(viewer: Viewer) -> QuerySet[Notification]:
    """Return what a user was told, as far as they still see what it is about, wherever that is now.

    Of a task in the trash they still see that it went there.
    """
    seen = projects_seen_by(viewer).values("pk")
    return Notification.objects.filter(
        Q(project=None) | Q(project_id__among=seen),
        Q(task=None) | Q(task__project_id__among=seen),
        Q(task=None) | Q(task__trashed_at=None) | Q(event__verb=TaskTrashed.verb),
        user=_user(viewer),
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """Who sees the events of some projects: `open` ones everybody, and of the others (project, user) the `members`.

    It says for many what `events_seen_by` says for one, of projects and users that it was made for.
    """

    open: frozenset[int]
    members: frozenset[tuple[int, int]]

    def holds(self, viewer: Actor, project_id: int | None, about_user_id: int | None) -> bool:
        """Does the viewer see an event of this project, or of none and about this user?"""
        if viewer.project_id is not None and viewer.project_id != project_id:
            return False
        if project_id is None:
            return about_user_id is not None and about_user_id == viewer.user_id
        return project_id in self.open or (project_id, viewer.user_id) in self.members


def open_among(projects: Param) -> QuerySet[Project]:
    """Return those of the projects whose events everybody sees."""
    return Project.objects.filter(pk__any_of=projects, visibility=Visibility.OPEN, trashed_at=None)


def members_among(users: Param, projects: Param | None = None) -> QuerySet[Member]:
    """Return which of the users belong to which of the projects, or of all; the trash changes nothing about it."""
    members = Member.objects.filter(user_id__any_of=users)
    return members if projects is None else members.filter(project_id__any_of=projects)


def _user(viewer: Viewer) -> int | Param | None:
    return viewer.user_id if isinstance(viewer, Actor) else viewer


def _within(viewer: Viewer) -> int | Param | None:
    """Return the only project that the viewer's credential opens; None where it opens all of them."""
    if isinstance(viewer, Actor):
        return viewer.project_id
    return Param(WITHIN) if is_confined() else None
