"""The picture that people are shown with."""

from __future__ import annotations

from typing import IO

from django.db import transaction

from baton.adapters import pictures, storage
from baton.adapters.staging import Staging
from baton.core.actor import Actor
from baton.core.commands.accounts import change_profile
from baton.core.commands.names import ProfileFields
from baton.core.errors import CoreError, FieldError
from baton.core.models import User

LARGEST = 5 * 2**20


def change_profile_and_avatar(
    actor: Actor, fields: ProfileFields, picture: IO[bytes] | None, *, expected_version: int | None = None
) -> User:
    """Change the actor's particulars together with their picture: made anew from `picture`, or none from now on.

    Raises Stale, and Invalid with every bad field, the picture among them; then nothing has changed.
    """
    name, found = None, []
    if picture is not None:
        try:
            name = _keep(picture)
        except pictures.BadPicture as bad:
            found = [FieldError("/avatar", bad.code, bad.detail)]
    before = User.objects.filter(pk=actor.person).values_list("avatar", flat=True).first()
    try:
        user = change_profile(actor, {**fields, "avatar": name}, expected_version=expected_version, found=found)
    except CoreError:
        if name is not None:
            storage.remove(name)
        raise
    if before is not None and before != user.avatar:
        transaction.on_commit(lambda: storage.remove(before))
    return user


def _keep(picture: IO[bytes]) -> str:
    """Return the name of the avatar made from a picture. Raises BadPicture, OSError."""
    staging = Staging.of(pictures.make_avatar(picture))
    try:
        return storage.keep(staging, storage.avatar_name())
    finally:
        staging.discard()
