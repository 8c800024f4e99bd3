"""Webhooks, and what was sent to whom with which answer."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from baton.core.commands.delivery_upkeep import retry_delivery
from baton.core.commands.webhook_upkeep import pause_webhook, ping_webhook, resume_webhook
from baton.core.commands.webhooks import origin_of
from baton.core.models import Attempt, Delivery, User, Webhook
from baton.core.models.delivery import Channel
from baton.surfaces.admin.actors import actor_of
from baton.surfaces.admin.through_commands import CommandAdmin, ReadOnlyAdmin


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin, CommandAdmin):
    """Receivers of events. Neither their secrets nor the paths of their addresses are shown: both may open doors."""

    exclude = ("url", "seed", "previous_seed")
    readonly_fields = ("leads_to",)
    list_display = ("id", "leads_to", "project", "user", "paused_at", "paused_reason", "failing_since")
    list_filter = (("paused_at", admin.EmptyFieldListFilter), ("failing_since", admin.EmptyFieldListFilter))
    search_fields = ("=id", "user__username", "project__key", "project__name")
    list_select_related = ("user", "project")
    ordering = ("-id",)
    actions = ("pause", "resume", "ping")

    @admin.display(description="leads to")
    def leads_to(self, webhook: Webhook) -> str:
        """Return the part of the address that everybody may know."""
        return origin_of(webhook)

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """May the user press the buttons? Whoever may see the page; whose webhooks they are is for the commands."""
        return self.has_view_permission(request)

    @admin.action(description="Pause the selected webhooks", permissions=["steer"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        """Pause them, all or none."""
        for webhook in queryset:
            pause_webhook(actor_of(request), webhook.pk)
        self.message_user(request, "Paused.")

    @admin.action(description="Resume the selected webhooks, sending at once what waits", permissions=["steer"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        """Resume them, all or none."""
        for webhook in queryset:
            resume_webhook(actor_of(request), webhook.pk)
        self.message_user(request, "Resumed.")

    @admin.action(description="Send a test event to the selected webhooks", permissions=["steer"])
    def ping(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        """Ping them, all or none."""
        for webhook in queryset:
            ping_webhook(actor_of(request), webhook.pk)
        self.message_user(request, "A test event is on its way; its answer stands among the deliveries.")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What is to be sent to whom, and how it went."""

    # What one looks for first stands first: where the window is narrow, the rest is out of sight.
    list_display = (
        "id",
        "state",
        "sent_to",
        "letter",
        "tries",
        "last_error",
        "next_try_at",
        "finished_at",
        "task",
        "channel",
    )
    list_filter = ("state", "channel", "letter", "created_at")
    search_fields = ("=recipient", "=event__id", "=task__id", "occasion", "message_id")
    list_select_related = ("task",)
    ordering = ("-id",)
    actions = ("retry",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows with the name of whom a letter is for."""
        name = User.objects.filter(pk=OuterRef("recipient")).values("username")[:1]
        named: QuerySet[Any] = super().get_queryset(request).annotate(reader=Subquery(name))
        return named

    @admin.display(description="to", ordering="recipient")
    def sent_to(self, delivery: Any) -> str:
        """Return who gets it: a person, somebody without an account, or a webhook."""
        if delivery.channel == Channel.WEBHOOK:
            return f"webhook {delivery.recipient}"
        return delivery.reader or "no account"

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """May the user press the buttons? Whoever may see the page."""
        return self.has_view_permission(request)

    @admin.action(description="Try the selected messages again at once", permissions=["steer"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Try them again, all or none."""
        for delivery in queryset:
            retry_delivery(actor_of(request), delivery.pk, by_operator=True)
        self.message_user(request, "They are tried in a moment.")


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    """Each try, with the answer."""

    list_display = ("at", "status", "delivery", "error", "duration_ms")
    list_filter = ("status", "at")
    search_fields = ("=delivery__recipient", "delivery__message_id", "error")
    list_select_related = ("delivery",)
    ordering = ("-id",)
