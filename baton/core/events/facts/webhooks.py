"""What happens to webhooks. `origin` is the part of an address that everybody may know: its path may be a secret."""

from __future__ import annotations

from typing import ClassVar

from baton.core.events.fact import Fact


class WebhookCreated(Fact):
    """A webhook was made. Of its address only the `origin` is told."""

    verb: ClassVar[str] = "webhook.created"
    webhook: int
    origin: str


class WebhookEdited(Fact):
    """A webhook changed; `origin` is where it leads now."""

    verb: ClassVar[str] = "webhook.edited"
    fields: ClassVar[tuple[str, ...]] = ("origin", "verbs", "projects")
    webhook: int
    origin: str


class WebhookSecretRotated(Fact):
    """A webhook got a new secret; the old one signs too for a day."""

    verb: ClassVar[str] = "webhook.secret_rotated"
    webhook: int
    origin: str


class WebhookPinged(Fact):
    """Somebody had a test event sent to a webhook: this one, and to no other."""

    verb: ClassVar[str] = "webhook.pinged"
    webhook: int
    origin: str


class WebhookPaused(Fact):
    """A webhook sends nothing for now. `reason`: `by_hand`, `failing`, `gone` (410) or `owner_left`."""

    verb: ClassVar[str] = "webhook.paused"
    webhook: int
    origin: str
    reason: str


class WebhookResumed(Fact):
    """A webhook sends again, beginning with what waits; `user` answers for it."""

    verb: ClassVar[str] = "webhook.resumed"
    webhook: int
    origin: str
    user: int


class WebhookReplayed(Fact):
    """A webhook was put to another place of the log: everything behind the cursor `after` is sent again."""

    verb: ClassVar[str] = "webhook.replayed"
    webhook: int
    origin: str
    after: str


class WebhookDeleted(Fact):
    """A webhook was deleted; what waited for it is not sent."""

    verb: ClassVar[str] = "webhook.deleted"
    webhook: int
    origin: str
