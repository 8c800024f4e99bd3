"""Who may have an account, use it, and manage somebody's?"""

from __future__ import annotations

from django.conf import settings

from baton.core.actor import Actor
from baton.core.models import User


def can_register(*, is_invited: bool) -> bool:
    """May somebody open an account here, as the operator has decided (`BATON_REGISTRATION`)?"""
    return settings.BATON_REGISTRATION == "open" or (settings.BATON_REGISTRATION == "invited" and is_invited)


def may_be_lenient() -> bool:
    """May a dialect whose original had no rules for passwords go on without (unless `BATON_STRICT_PASSWORDS`)?"""
    return not settings.BATON_STRICT_PASSWORDS


def must_verify_email(user: User) -> bool:
    """Has the user to verify their address before they log in?"""
    return settings.BATON_REQUIRE_VERIFIED_EMAIL and not user.is_verified


def can_manage_account(actor: Actor, account: User) -> bool:
    """May the actor change and deactivate the account? Staff may, and a superuser's account only superusers."""
    if account.is_superuser:
        return can_give_rights(actor)
    return is_staff(actor)


def is_staff(actor: Actor) -> bool:
    """Is the actor staff, or the system itself?"""
    return actor.is_system or User.objects.filter(pk=actor.person, is_active=True, is_staff=True).exists()


def can_give_rights(actor: Actor) -> bool:
    """May the actor say who is staff, a superuser, or in which group? Superusers, and the system itself."""
    if actor.is_system:
        return True
    return User.objects.filter(pk=actor.person, is_active=True, is_staff=True, is_superuser=True).exists()
