"""People, their groups, sessions and API tokens."""

from __future__ import annotations

from copy import copy
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin  # which registers the groups too
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from baton.core.actor import Actor
from baton.core.commands import account_upkeep
from baton.core.commands.account_checks import LANGUAGES
from baton.core.commands.accounts import register_user
from baton.core.commands.names import ProfileFields
from baton.core.errors import CoreError
from baton.core.models import ApiToken, CalendarFeed, DialectToken, Session, User
from baton.surfaces.admin.actors import actor_of
from baton.surfaces.admin.history import WithHistory
from baton.surfaces.admin.through_commands import CommandAdmin, ReadOnlyAdmin, fields_of, take_over

PROFILE = ("username", "email", "name", "timezone", "language")
RIGHTS = ("is_staff", "is_superuser", "groups")


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """An account's particulars and rights."""

    language = forms.ChoiceField(choices=[(language, language) for language in LANGUAGES])

    class Meta:
        model = User
        fields = (*PROFILE, "is_active", *RIGHTS)


class NewAccountForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A new account."""

    password = forms.CharField(strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    class Meta:
        model = User
        fields = ("username", "email", "name", "password", *RIGHTS)


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Django's form, which sets the password by the command."""

    def __init__(self, actor: Actor, user: User, *args: Any, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(user, *args, **kwargs)

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's signature
        """Set the password, or take it away; return the user."""
        wanted = self.cleaned_data["password1"] if self.cleaned_data["set_usable_password"] else None
        saved = account_upkeep.set_password(self.actor, self.user.pk, wanted)
        take_over(self.user, saved)
        return saved


@admin.register(User)
class AccountAdmin(WithHistory, UserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """People. Nobody is deleted, for what they did stays: accounts are deactivated."""

    form = AccountForm
    add_form = NewAccountForm
    fieldsets = (
        (None, {"fields": (*PROFILE, "is_verified", "secret")}),
        ("Rights", {"fields": ("is_active", *RIGHTS)}),
        ("Dates", {"fields": ("created_at", "last_login")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": NewAccountForm.Meta.fields}),)
    readonly_fields = ("is_verified", "created_at", "last_login", "secret")
    filter_horizontal = ("groups",)
    list_display = ("username", "email", "name", "is_active", "is_staff", "is_verified", "created_at")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("username", "email", "name")
    ordering = ("username",)
    actions = ("deactivate", "reactivate")

    def about(self, thing: User) -> Q:
        """Return what they did, and what was done to their account."""
        return Q(actor=thing) | Q(user=thing, project=None)

    @admin.display(description="password")
    def secret(self, user: User) -> str:
        """Return the way to another password; not even the hash of the present one is shown."""
        way = reverse("admin:auth_user_password_change", args=[user.pk])
        state = "set" if user.has_usable_password() else "none: nobody can log in with one"
        return format_html('{} · <a href="{}">another password</a>', state, way)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """May anybody delete an account? No: deactivate it."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Register or change the account, one command for each kind of change."""
        actor = actor_of(request)
        profile = fields_of(form, {name: name for name in PROFILE})
        rights = fields_of(form, {name: name for name in RIGHTS})
        if "groups" in rights:
            rights["groups"] = [group.pk for group in rights["groups"]]
        if change:
            account_upkeep.edit_account(actor, obj.pk, cast("ProfileFields", profile))
        else:
            password = form.cleaned_data["password"]
            new = register_user(actor, password, cast("ProfileFields", profile), by_operator=True)
            obj.pk = new.pk
        account_upkeep.change_rights(actor, obj.pk, cast("account_upkeep.Rights", rights))
        if "is_active" in form.changed_data:
            is_wanted = form.cleaned_data["is_active"]
            (account_upkeep.reactivate_user if is_wanted else account_upkeep.deactivate_user)(actor, obj.pk)
        take_over(obj, User.objects.get(pk=obj.pk))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Save nothing more: the groups are among the rights."""

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Answer Django's page for another password, whose form acts for whoever is signed in."""
        page = copy(self)  # this one serves all requests at once
        page.change_password_form = partial(PasswordForm, actor_of(request))
        try:
            return UserAdmin.user_change_password(page, request, id, form_url)
        except CoreError as refusal:
            return self.refuse(request, refusal)

    @admin.action(description="Deactivate the selected users", permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Deactivate them, all or none."""
        for user in queryset:
            account_upkeep.deactivate_user(actor_of(request), user.pk)
        self.message_user(request, "Deactivated, and logged out everywhere.")

    @admin.action(description="Reactivate the selected users", permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Reactivate them, all or none."""
        for user in queryset:
            account_upkeep.reactivate_user(actor_of(request), user.pk)
        self.message_user(request, "Reactivated.")


class Credentials(ReadOnlyAdmin, CommandAdmin):
    """Ways in: to be looked at, and ended by an action."""

    def has_end_permission(self, request: HttpRequest) -> bool:
        """May the user end other people's ways in? Whoever may change accounts."""
        return request.user.has_perm("core.change_user")


@admin.register(Session)
class SessionAdmin(Credentials):
    """Log-ins and their refresh tokens."""

    exclude = ("refresh_id",)
    list_display = ("id", "user", "audience", "address", "user_agent", "used_at", "expires_at", "ended_at")
    list_filter = ("audience", ("ended_at", admin.EmptyFieldListFilter), "created_at")
    search_fields = ("user__username", "user__email", "user_agent")
    list_select_related = ("user",)
    ordering = ("-id",)
    actions = ("end",)

    @admin.action(description="End the selected sessions", permissions=["end"])
    def end(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        """End them, all or none."""
        for session in queryset:
            account_upkeep.end_session_of(actor_of(request), session.pk)
        self.message_user(request, "Ended.")


@admin.register(ApiToken)
class ApiTokenAdmin(Credentials):
    """Long-lived credentials for programs."""

    exclude = ("digest",)
    list_display = ("name", "hint", "user", "scopes", "project", "used_at", "expires_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "created_at")
    search_fields = ("name", "hint", "user__username", "user__email")
    list_select_related = ("user", "project")
    ordering = ("-id",)
    actions = ("revoke",)

    @admin.action(description="Revoke the selected tokens", permissions=["end"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """Revoke them, all or none."""
        for token in queryset:
            account_upkeep.withdraw_token(actor_of(request), token.pk)
        self.message_user(request, "Revoked.")


@admin.register(DialectToken)
class DialectTokenAdmin(Credentials):
    """The lasting tokens of dialects."""

    exclude = ("digest", "seed")
    list_display = ("id", "user", "dialect", "created_at", "revoked_at")
    list_filter = ("dialect", ("revoked_at", admin.EmptyFieldListFilter), "created_at")
    search_fields = ("user__username", "user__email")
    list_select_related = ("user",)
    ordering = ("-id",)
    actions = ("revoke",)

    @admin.action(description="Revoke the selected tokens", permissions=["end"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[DialectToken]) -> None:
        """Revoke them, all or none."""
        for token in queryset:
            account_upkeep.withdraw_dialect_token(actor_of(request), token.pk)
        self.message_user(request, "Revoked.")


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnlyAdmin):
    """Who has a calendar feed; its address stays a secret."""

    exclude = ("digest",)
    list_display = ("user", "created_at")
    search_fields = ("user__username", "user__email")
    list_select_related = ("user",)
    ordering = ("-id",)
