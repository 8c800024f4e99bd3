"""May the actor do this with somebody's account?"""

from __future__ import annotations

from baton.core.actor import Actor
from baton.core.models import User


def can_manage_account(actor: Actor, account: User) -> bool:
    """May the actor change and deactivate the account? Staff may, and a superuser's account only superusers."""
    if account.is_superuser:
        return can_give_rights(actor)
    return actor.is_system or User.objects.filter(pk=actor.person, is_active=True, is_staff=True).exists()


def can_give_rights(actor: Actor) -> bool:
    """May the actor say who is staff, a superuser, or in which group? Superusers, and the system itself."""
    if actor.is_system:
        return True
    return User.objects.filter(pk=actor.person, is_active=True, is_staff=True, is_superuser=True).exists()
