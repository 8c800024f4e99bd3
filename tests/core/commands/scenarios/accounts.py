"""What is done with accounts, by their people and by those who keep them."""

from __future__ import annotations

from io import BytesIO

from django.db import transaction

from baton.core.actor import SYSTEM
from baton.core.commands import (
    account_upkeep,
    accounts,
    avatars,
    letter_choices,
    notification_settings,
    password_reset,
    verification,
)
from baton.core.models import ApiToken, Task, User
from baton.core.policies.proofs import make_reset_proof, make_verification_proof
from tests.cast import Cast
from tests.core.commands.scenarios.credentials import lasting_token, login
from tests.core.commands.scenarios.full_task import DUE, Scenario
from tests.factories import NOBODY, PASSWORD, actor_of
from tests.stores import picture


def _close_and_open(cast: Cast, task: Task) -> None:
    account_upkeep.deactivate_user(SYSTEM, cast.editor.pk)
    account_upkeep.reactivate_user(SYSTEM, cast.editor.pk)


def _first_inbox(cast: Cast, task: Task) -> None:
    with transaction.atomic():  # so that the account goes where its inbox does
        root = User.objects.create_superuser("root", "root@example.org", PASSWORD)
        account_upkeep.ensure_inbox(NOBODY, root.pk)


def _withdraw_token(cast: Cast, task: Task) -> None:
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=cast.editor, name="nightly", digest="d", hint="bat_12", scopes="read", created_at=DUE
        )
        account_upkeep.withdraw_token(SYSTEM, token.pk)


SCENARIOS: dict[str, list[Scenario]] = {
    "accounts.register_user": [
        lambda _cast, _task: accounts.register_user(NOBODY, PASSWORD, {"username": "new", "email": "new@example.org"})
    ],
    "accounts.change_profile": [lambda cast, _task: accounts.change_profile(actor_of(cast.editor), {"name": "Edgar"})],
    "notification_settings.change_notification_settings": [
        lambda cast, task: notification_settings.change_notification_settings(
            actor_of(cast.editor), {"modes": {"overdue": "daily"}, "projects": {task.project_id: {"mentioned": "off"}}}
        ),
        lambda cast, _task: notification_settings.change_notification_settings(
            actor_of(cast.editor), {"hours": {"digest_hour": 17}}
        ),
    ],
    "accounts.change_password": [
        lambda cast, _task: accounts.change_password(actor_of(cast.editor), PASSWORD, "another horse 9 battery", "net")
    ],
    "verification.request_verification": [
        lambda _cast, _task: verification.request_verification(NOBODY, "edgar@example.org", "net"),
        lambda _cast, _task: verification.request_verification(NOBODY, "nobody@example.org", "net"),
    ],
    "verification.verify_email": [
        lambda cast, _task: verification.verify_email(NOBODY, make_verification_proof(cast.editor), "net")
    ],
    "password_reset.request_password_reset": [
        lambda _cast, _task: password_reset.request_password_reset(NOBODY, "edgar@example.org", "net"),
        lambda _cast, _task: password_reset.request_password_reset(NOBODY, "nobody@example.org", "net"),
    ],
    "password_reset.reset_password": [
        lambda cast, _task: password_reset.reset_password(
            NOBODY, make_reset_proof(cast.editor), "another horse 9 battery", "net"
        )
    ],
    "account_upkeep.deactivate_user": [lambda cast, _task: account_upkeep.deactivate_user(SYSTEM, cast.editor.pk)],
    "account_upkeep.reactivate_user": [_close_and_open],
    "account_upkeep.edit_account": [
        lambda cast, _task: account_upkeep.edit_account(SYSTEM, cast.editor.pk, {"name": "Edgar"})
    ],
    "account_upkeep.change_rights": [
        lambda cast, _task: account_upkeep.change_rights(SYSTEM, cast.editor.pk, {"is_staff": True})
    ],
    "account_upkeep.set_password": [
        lambda cast, _task: account_upkeep.set_password(SYSTEM, cast.editor.pk, "another horse 9 battery")
    ],
    "account_upkeep.ensure_inbox": [_first_inbox],
    "account_upkeep.end_session_of": [lambda cast, _task: account_upkeep.end_session_of(SYSTEM, login(cast.editor).pk)],
    "account_upkeep.withdraw_token": [_withdraw_token],
    "letter_choices.unsubscribe": [
        lambda cast, _task: letter_choices.unsubscribe(actor_of(cast.editor), "task_commented"),
        lambda cast, _task: letter_choices.unsubscribe(actor_of(cast.editor), "gathered"),
        lambda cast, _task: letter_choices.unsubscribe(actor_of(cast.editor), "issues_assigned"),
    ],
    "avatars.change_profile_and_avatar": [
        lambda cast, _task: avatars.change_profile_and_avatar(actor_of(cast.editor), {}, BytesIO(picture()))
    ],
    "account_upkeep.withdraw_dialect_token": [
        lambda cast, _task: account_upkeep.withdraw_dialect_token(SYSTEM, lasting_token(cast))
    ],
}
