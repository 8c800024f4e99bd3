"""Who decides over webhooks, and what may they send?"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from baton.core.actor import Actor
from baton.core.models import Event, Member, Project, Role, User, Webhook
from baton.core.policies.roles import is_owner
from baton.core.policies.visibility import events_of_all_seen_by


def can_manage_webhooks(actor: Actor, project: Project) -> bool:
    """May the actor have the project's events sent elsewhere? Its owners."""
    return is_owner(actor, project.pk)


def administered_webhooks(actor: Actor) -> QuerySet[Webhook]:
    """Return the webhooks the actor decides over: their own, and those of the projects they own.

    For everybody else they don't exist: an address may be a secret.
    """
    owned = Member.objects.filter(project=OuterRef("project"), user=actor.user_id, role=Role.OWNER)
    hooks = Webhook.objects.filter(Q(project=None, user=actor.user_id) | Q(Exists(owned), project__trashed_at=None))
    return hooks if actor.project_id is None else hooks.filter(project=actor.project_id)


def is_answered_for(webhook: Webhook) -> bool:
    """Does somebody answer for the webhook who may? A user for their own, one of its owners for a project's."""
    if webhook.project_id is None:
        return User.objects.filter(pk=webhook.user_id, is_active=True).exists()
    return Member.objects.filter(
        project=webhook.project_id, user=webhook.user_id, user__is_active=True, role=Role.OWNER
    ).exists()


def events_for(webhook: Webhook) -> QuerySet[Event]:
    """Return what the webhook hears of: what its filters let through of its project's events, or of what its user sees.

    That is what the user sees at this moment. No webhook hears of webhooks.
    """
    if webhook.project_id is not None:
        events = Event.objects.filter(project=webhook.project_id)
    else:
        events = events_of_all_seen_by(Actor(webhook.user_id))
    if webhook.projects:
        events = events.filter(project__in=webhook.projects)
    if webhook.verbs:
        return events.filter(verb__in=webhook.verbs)
    return events.exclude(verb__startswith="webhook.")
