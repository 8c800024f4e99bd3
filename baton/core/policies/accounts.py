"""Who may have an account, and use it?"""

from __future__ import annotations

from django.conf import settings

from baton.core.models import User


def can_register(*, is_invited: bool) -> bool:
    """May somebody open an account here, as the operator has decided (`BATON_REGISTRATION`)?"""
    return settings.BATON_REGISTRATION == "open" or (settings.BATON_REGISTRATION == "invited" and is_invited)


def must_verify_email(user: User) -> bool:
    """Has the user to verify their address before they log in?"""
    return settings.BATON_REQUIRE_VERIFIED_EMAIL and not user.is_verified
