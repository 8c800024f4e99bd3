"""What somebody may be called, be reached at and log in with."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from baton.core.commands.checks import check_choice, check_folded
from baton.core.commands.names import ProfileFields, check_names
from baton.core.errors import FieldError
from baton.core.models import User
from baton.lib.text import fold

LANGUAGES = ("en", "ru")
PASSWORD_LENGTH = 1000
USERNAME_LENGTH = 150
USERNAME = r"[\w.@+-]{1,150}"
INVALID_EMAIL = FieldError("/email", "invalid", "Enter a valid e-mail address.")


def check_profile(fields: ProfileFields, user: User, *, any_username: bool = False) -> list[FieldError]:
    """Check what a user, new or not, shall be called and be reached at."""
    errors = []
    # Who has an unusual name from a dialect may send it back.
    if "username" in fields and (not user.pk or fields["username"] != user.username):
        errors += _check_username(fields["username"], user, is_any=any_username)
    if fields.get("email"):
        errors += _check_email(fields["email"] or "", user)
    errors += check_names(fields)
    if "timezone" in fields and fields["timezone"] not in _timezones():
        errors.append(FieldError("/timezone", "invalid_choice", "This is no name of the IANA time zone database."))
    if "language" in fields:
        errors += check_choice("/language", fields["language"], LANGUAGES)
    return errors


def check_password(password: str, user: User, pointer: str, *, is_lenient: bool = False) -> list[FieldError]:
    """Check a new password against Django's validators (length, common ones, likeness to the user) unless lenient."""
    if len(password) > PASSWORD_LENGTH:
        return [FieldError(pointer, "max_length", f"This may have at most {PASSWORD_LENGTH} characters.")]
    if is_lenient:
        return [] if password else [FieldError(pointer, "blank", "This may not be empty.")]
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        return [FieldError(pointer, error.code or "invalid", error.messages[0]) for error in refusal.error_list]
    return []


@cache
def _timezones() -> frozenset[str]:
    # Finding the names walks through a folder of hundreds of files.
    return frozenset(available_timezones())


def _check_username(username: str, user: User, *, is_any: bool = False) -> list[FieldError]:
    if not username.strip():
        return [FieldError("/username", "blank", "This may not be empty.")]
    if errors := _check_any_name(username) if is_any else _check_plain_name(username):
        return errors
    if errors := check_folded("/username", username, 600):
        return errors
    # Both columns, since either is good for logging in: nobody may be called what leads to somebody else.
    if _is_taken(username, user):
        return [FieldError("/username", "taken", "A user with that username already exists.")]
    return []


def _check_plain_name(username: str) -> list[FieldError]:
    if re.fullmatch(USERNAME, username):
        return []
    return [FieldError("/username", "invalid", "At most 150 letters, digits and @ . + - _ make a username.")]


def _check_any_name(username: str) -> list[FieldError]:
    if len(username) > USERNAME_LENGTH:
        return [FieldError("/username", "max_length", f"This may have at most {USERNAME_LENGTH} characters.")]
    if not username.isprintable():
        return [FieldError("/username", "invalid", "This must be a single line without control characters.")]
    return []


def check_email_form(email: str) -> list[FieldError]:
    """Check that letters can be sent to an address."""
    if len(email) > 254:  # RFC 5321, section 4.5.3.1.3
        return [FieldError("/email", "max_length", "This may have at most 254 characters.")]
    try:
        validate_email(email)
    except ValidationError:
        return [INVALID_EMAIL]
    # A quoted local part may hold control characters, which have no business in a letter's headers.
    if not email.isprintable():
        return [INVALID_EMAIL]
    return check_folded("/email", email, 1000)


def _check_email(email: str, user: User) -> list[FieldError]:
    if errors := check_email_form(email):
        return errors
    if _is_taken(email, user):
        return [FieldError("/email", "taken", "A user with that e-mail address already exists.")]
    return []


def _is_taken(name: str, user: User) -> bool:
    same = Q(username_folded=fold(name)) | Q(email_folded=fold(name))
    return User.objects.filter(same).exclude(pk=user.pk or 0).exists()
