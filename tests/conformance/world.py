"""What there is to find, so that generated requests meet things and not only 404s."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from baton.adapters.staging import Staging
from baton.core.commands.api_tokens import create_api_token
from baton.core.commands.attachments import add_attachment
from baton.core.commands.comments import add_comment
from baton.core.commands.invitations import invite
from baton.core.commands.notifications import notify
from baton.core.commands.projects import trash_project
from baton.core.commands.sessions import open_session
from baton.core.commands.task_delegation import delegate_task
from baton.core.commands.task_status import change_status
from baton.core.commands.tasks import trash_task
from baton.core.commands.webhook_upkeep import ping_webhook
from baton.core.commands.webhooks import create_webhook
from baton.core.models import Delivery, Event, Notification
from baton.core.models.delivery import Channel
from baton.reactions.thumbnails import make_thumbnails
from baton.surfaces.wire.credentials import AUDIENCE, REFRESH_LIFETIME
from tests.cast import Cast
from tests.factories import actor_of, make_project, make_task
from tests.stores import picture

# The ids of each kind of thing: first what the owner sees, then others', then one that nothing has.
Ids = Mapping[str, list[int]]

NOTHING = 999_999_999


def make_world(cast: Cast, stage: Callable[[bytes], Staging]) -> Ids:
    """Fill the project of the cast, and one of the outsider's, with something of everything."""
    garden, secret = cast.project, make_project(cast.outsider, "Secret")
    owner, editor, outsider = actor_of(cast.owner), actor_of(cast.editor), actor_of(cast.outsider)
    ours = make_task(cast.owner, garden, assignees=[cast.owner.pk], labels=["garden"])
    handed = make_task(cast.owner, garden, "Mow", assignees=[cast.owner.pk], parent_id=ours.pk)
    foreign = make_task(cast.outsider, secret, assignees=[cast.outsider.pk])
    delegation = delegate_task(owner, handed.pk, cast.editor.pk, "Please.")
    places = ((owner, ours), (editor, handed), (outsider, foreign))
    comments = [add_comment(person, task.pk, "Done soon.") for person, task in places]
    files = [add_attachment(person, task.pk, stage(picture()), "leaf.png") for person, task in places]
    make_thumbnails()
    sessions = [open_session(actor_of(user), user, AUDIENCE, REFRESH_LIFETIME) for user in (cast.owner, cast.outsider)]
    thrown, old = make_task(cast.owner, garden, "Rake"), make_project(cast.owner, "Old")
    trash_task(owner, thrown.pk)
    trash_project(owner, old.pk)
    change_status(owner, ours.pk, "planned")
    events = list(Event.objects.order_by("-pk").values_list("pk", flat=True))
    tokens = [
        create_api_token(actor_of(person), {"name": "Robot", "scopes": ["read"]})[0].pk
        for person in (cast.owner, cast.outsider)
    ]
    invited = [
        invite(actor_of(person), project.pk, "new@example.org", "viewer").pk
        for person, project in ((cast.owner, garden), (cast.outsider, secret))
    ]
    hooks = [
        create_webhook(actor_of(person), {"url": "https://example.com/hook"}, project_id=project_id)[0].pk
        for person, project_id in ((cast.owner, garden.pk), (cast.owner, None), (cast.outsider, None))
    ]
    pinged = ping_webhook(owner, hooks[0])
    notify(list(Event.objects.order_by("pk")), {})
    told = {user.pk: Notification.objects.filter(user=user).latest("pk").pk for user in (cast.owner, cast.editor)}
    letter = Delivery.objects.filter(channel=Channel.MAIL).latest("pk")
    return {
        "user": [cast.editor.pk, cast.owner.pk, cast.viewer.pk, cast.outsider.pk, NOTHING],
        "project": [garden.pk, garden.pk, secret.pk, old.pk, NOTHING],
        "task": [ours.pk, handed.pk, foreign.pk, thrown.pk, NOTHING],
        "trashed project": [old.pk, garden.pk, secret.pk, NOTHING],
        "trashed task": [thrown.pk, ours.pk, foreign.pk, NOTHING],
        "comment": [*(comment.pk for comment in comments), NOTHING],
        "delegation": [delegation.pk, delegation.pk, NOTHING],
        "token": [*tokens, NOTHING],
        "invitation": [*invited, NOTHING],
        "webhook": [*hooks, NOTHING],
        "delivery": [pinged.pk, letter.pk, NOTHING],
        "notification": [told[cast.owner.pk], told[cast.editor.pk], NOTHING],
        "session": [*(session.pk for session in sessions), NOTHING],
        "attachment": [*(file.pk for file in files), NOTHING],
        "event": [*events, NOTHING],
    }
