"""Making and changing webhooks: their owners' side. `webhook_upkeep` is the system's."""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.access import check_version, lock_project, require
from baton.core.commands.accounts import lock_own_account
from baton.core.commands.checks import check_choice, refuse
from baton.core.commands.webhook_queue import fall_behind
from baton.core.errors import Conflict, FieldError, NotFound
from baton.core.events.catalogue import CATALOGUE
from baton.core.events.fact import Fact
from baton.core.events.facts.webhooks import WebhookCreated, WebhookDeleted, WebhookEdited, WebhookSecretRotated
from baton.core.events.log import Cursor
from baton.core.events.record import Changes, record
from baton.core.models import Delivery, Event, Webhook
from baton.core.models.delivery import Channel, DeliveryState
from baton.core.policies.visibility import visible_projects
from baton.core.policies.webhooks import administered_webhooks, can_manage_webhooks
from baton.lib.public_addresses import may_be_called
from baton.lib.signing_secrets import make_seed, secret_of
from baton.lib.web_urls import BadUrl, parse_url, read_literal

BOTH_SECRETS_SIGN = timedelta(days=1)
VERBS = tuple(sorted(verb for verb in CATALOGUE if not verb.startswith("webhook.")))
MOST_PROJECTS = 100


class WebhookFields(TypedDict, total=False):
    """What can be said of a webhook. Without `verbs` it hears of everything; `projects` is for a user's own."""

    url: str
    verbs: list[str]
    projects: list[int]


def create_webhook(actor: Actor, fields: WebhookFields, *, project_id: int | None = None) -> tuple[Webhook, str]:
    """Make a webhook of a project, or of the actor's own, and return it with its secret.

    It hears of what happens from now on. Raises NotFound for the project, Denied, Invalid, Conflict.
    """
    with transaction.atomic():
        _require_room(actor, project_id)
        refuse(_check(actor, {"url": "", **fields}, project_id))
        now = timezone.now()
        webhook = Webhook.objects.create(
            project_id=project_id,
            user_id=actor.person,
            url=fields["url"],
            verbs=fields.get("verbs", []),
            projects=fields.get("projects", []),
            seed=make_seed(),
            created_at=now,
            updated_at=now,
        )
        event = tell(actor, webhook, WebhookCreated(webhook=webhook.pk, origin=origin_of(webhook)))
        transaction_number = Event.objects.values_list("transaction", flat=True).get(pk=event.pk)
        fall_behind(webhook, Cursor(transaction_number, event.pk))
        return webhook, secret_of(webhook.seed)


def edit_webhook(
    actor: Actor, webhook_id: int, fields: WebhookFields, *, expected_version: int | None = None
) -> Webhook:
    """Change what `fields` says; it holds for what waits, too. Raises NotFound, Stale, Invalid."""
    with transaction.atomic():
        webhook = lock_webhook(actor, webhook_id)
        check_version(webhook, expected_version)
        refuse(_check(actor, fields, webhook.project_id))
        before = origin_of(webhook)
        changes = {name: (getattr(webhook, name), new) for name, new in fields.items() if getattr(webhook, name) != new}
        if not changes:
            return webhook
        for name, (_, new) in changes.items():
            setattr(webhook, name, new)
        if "url" in changes:
            del changes["url"]
            changes["origin"] = (before, origin_of(webhook))
        save(webhook, *fields)
        tell(actor, webhook, WebhookEdited(webhook=webhook.pk, origin=origin_of(webhook)), changes)
        return webhook


def rotate_webhook_secret(actor: Actor, webhook_id: int) -> tuple[Webhook, str]:
    """Give the webhook a new secret and return it; for a day the old one signs too. Raises NotFound."""
    with transaction.atomic():
        webhook = lock_webhook(actor, webhook_id)
        webhook.previous_seed, webhook.seed = webhook.seed, make_seed()
        webhook.previous_until = timezone.now() + BOTH_SECRETS_SIGN
        save(webhook, "seed", "previous_seed", "previous_until")
        tell(actor, webhook, WebhookSecretRotated(webhook=webhook.pk, origin=origin_of(webhook)))
        return webhook, secret_of(webhook.seed)


def delete_webhook(actor: Actor, webhook_id: int, *, expected_version: int | None = None) -> None:
    """Delete the webhook; what waits is not sent. Raises NotFound, Stale."""
    with transaction.atomic():
        webhook = lock_webhook(actor, webhook_id)
        check_version(webhook, expected_version)
        drop_waiting(webhook, "The webhook was deleted.")
        tell(actor, webhook, WebhookDeleted(webhook=webhook.pk, origin=origin_of(webhook)))
        webhook.delete()


def lock_webhook(actor: Actor, webhook_id: int) -> Webhook:
    """Return a webhook that the actor decides over, locked until the commit, behind its project. Raises NotFound."""
    found = administered_webhooks(actor).filter(pk=webhook_id)
    project_id = found.values_list("project_id", flat=True).first()
    if project_id is not None:
        lock_project(actor, project_id)
    webhook = found.select_for_update(no_key=True, of=("self",)).first()
    if webhook is None:
        raise NotFound
    return webhook


def save(webhook: Webhook, *columns: str) -> None:
    """Save the columns, as the next version."""
    webhook.version += 1
    webhook.updated_at = timezone.now()
    webhook.save(update_fields=[*columns, "version", "updated_at"])


def tell(actor: Actor, webhook: Webhook, fact: Fact, changes: Changes | None = None) -> Event:
    """Record the fact: in the project, or for the webhook's user alone."""
    user_id = webhook.user_id if webhook.project_id is None else None
    now = timezone.now()
    return record(actor, fact, at=now, project_id=webhook.project_id, user_id=user_id, changes=changes)


def origin_of(webhook: Webhook) -> str:
    """Return the part of the address that everybody may know."""
    return parse_url(webhook.url).origin


def drop_waiting(webhook: Webhook, reason: str) -> None:
    """Cancel what waits; what is being sent at this moment is not called back."""
    Delivery.objects.filter(
        channel=Channel.WEBHOOK, recipient=webhook.pk, state__in=(DeliveryState.WAITING, DeliveryState.HELD)
    ).update(state=DeliveryState.CANCELLED, last_error=reason, finished_at=timezone.now())


def _require_room(actor: Actor, project_id: int | None) -> None:
    """Raise unless the actor may have one more webhook here. Locks the project or the account, so the count holds."""
    if project_id is None:
        number = Webhook.objects.filter(project=None, user=lock_own_account(actor)).count()
    else:
        try:
            project = lock_project(actor, project_id)
        except NotFound:
            error = FieldError("/project", "not_found", f"There is no project {project_id}, or you may not see it.")
            raise NotFound(errors=[error]) from None
        require(can_manage_webhooks(actor, project), "Only an owner may have a project's events sent elsewhere.")
        number = Webhook.objects.filter(project=project).count()
    if number >= settings.BATON_WEBHOOKS_EACH:
        raise Conflict(f"There are {number} webhooks here already; delete one first.", code="too_many_webhooks")


def _check(actor: Actor, fields: WebhookFields, project_id: int | None) -> list[FieldError]:
    errors = _check_url(fields["url"]) if "url" in fields else []
    for index, verb in enumerate(fields.get("verbs", ())):
        if check_choice("", verb, VERBS):
            errors.append(FieldError(f"/verbs/{index}", "invalid_choice", "There is no such event to hear of."))
    projects = fields.get("projects") or []
    if projects and project_id is not None:
        return [*errors, FieldError("/projects", "not_here", "A project's webhook hears of that project.")]
    if len(projects) > MOST_PROJECTS:
        return [*errors, FieldError("/projects", "max_length", f"Name at most {MOST_PROJECTS} projects.")]
    seen = set(visible_projects(actor).filter(pk__in=projects).values_list("pk", flat=True))
    for index, project in enumerate(projects):
        if project not in seen:
            detail = f"There is no project {project}, or you may not see it."
            errors.append(FieldError(f"/projects/{index}", "not_found", detail))
    return errors


def _check_url(text: str) -> list[FieldError]:
    """Check the address as far as it can be without asking a name server; the rest is checked at each call."""
    try:
        url = parse_url(text)
    except BadUrl as error:
        return [FieldError("/url", "invalid", str(error))]
    if url.scheme != "https" and settings.BATON_OUTGOING_HTTPS_ONLY:
        return [FieldError("/url", "https_only", "This server calls https addresses only.")]
    literal = read_literal(url.host)
    if literal is not None and not may_be_called(literal, settings.BATON_OUTGOING_NETWORKS):
        return [FieldError("/url", "forbidden", "This address is not on the public Internet.")]
    return []
