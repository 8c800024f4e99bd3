"""The people of an older system, and the tokens they may go on using."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.contrib.auth.hashers import identify_hasher, make_password
from django.utils import timezone

from baton.core.actor import Actor
from baton.core.commands.account_checks import USERNAME_LENGTH, check_email_form
from baton.core.commands.names import PART_LENGTH, with_whole_name
from baton.core.commands.old_ids import OldIds
from baton.core.commands.old_systems import OldSystem, OldToken, OldUser, Tell
from baton.core.commands.projects import create_project
from baton.core.events.facts.accounts import DialectTokenIssued, UserRegistered
from baton.core.events.record import record
from baton.core.models import DialectToken, OldId, User
from baton.lib.old_hashes import is_bare, wrapped
from baton.lib.text import fold

USER, TOKEN = "user", "token"


def wrap_passwords(old: OldSystem, *, tell: Tell) -> OldSystem:
    """Return the system with bare hashes made slow ones, for everybody who has no account here yet.

    Before the import's transaction: it takes a tenth of a second for each, in which nobody else could write.
    """
    here = set(OldId.objects.filter(source=old.source, kind=USER).values_list("old_id", flat=True))
    users = []
    for user in old.users:
        is_due = is_bare(user.password) and user.old_id not in here
        users.append(replace(user, password=wrapped(user.password)) if is_due else user)
        tell(1)
    return replace(old, users=users)


def import_users(actor: Actor, old: OldSystem, ids: OldIds, *, same_people: bool, tell: Tell) -> None:
    """Open an account, with its inbox, for everybody who has none here."""
    new = [user for user in old.users if not ids.is_here(USER, user.old_id)]
    names = _Names()
    kept = ids.keepable(User, (user.old_id for user in new))
    # Those who keep their ids first: the database must not give one of these to somebody else.
    for user in sorted(new, key=lambda user: user.old_id not in kept):
        present = names.find(user.username) if same_people else None
        if present is not None:
            ids.report.notes.append(f"{user.username} is taken for the one here of that name.")
        else:
            present = _open_account(actor, user, kept.get(user.old_id), names, ids.report.notes)
        ids.note(USER, user.old_id, present)
        tell(1)


def import_tokens(actor: Actor, old: OldSystem, ids: OldIds, *, tell: Tell) -> None:
    """Take tokens over: their holders need not log in anew."""
    epochs = dict(User.objects.values_list("pk", "token_epoch"))
    known = set(DialectToken.objects.values_list("digest", flat=True))
    for token in old.tokens:
        tell(1)
        digest = token.digest
        user_id = ids.find(USER, token.user)
        if ids.is_here(TOKEN, digest):
            continue
        if digest in known:
            ids.leave_out(TOKEN, f"The token of user {token.user} is good for somebody here already.")
            continue
        if user_id not in epochs or not digest:
            ids.leave_out(TOKEN, f"A token of user {token.user} has no user here, or is none.")
            continue
        ids.note(TOKEN, digest, _adopt(actor, token, digest, old.dialect, user_id, epochs[user_id]))


class _Names:
    """Who is called how, here and among those who have just come."""

    def __init__(self) -> None:
        rows = User.objects.values_list("pk", "username_folded", "email_folded")
        self._here = {name: pk for pk, username, email in rows for name in (username, email) if name}
        self._come: set[str] = set()

    def find(self, username: str) -> int | None:
        """Return who was called so before."""
        return self._here.get(fold(username))

    def is_free(self, name: str) -> bool:
        """Is nobody called so, or reached there?"""
        return fold(name) not in self._here and fold(name) not in self._come

    def take(self, name: str) -> str:
        """Give the name away."""
        self._come.add(fold(name))
        return name


def _open_account(actor: Actor, old: OldUser, kept_id: int | None, names: _Names, notes: list[str]) -> int:
    username = names.take(_free_name(old, names, notes))
    user = User(
        pk=kept_id,
        username=username,
        email=_email(old, names, notes),
        password=_password(old, username, notes),
        is_active=old.is_active,
        **with_whole_name({"first_name": old.first_name[:PART_LENGTH], "last_name": old.last_name[:PART_LENGTH]}),
    )
    if old.uuid is not None and not User.objects.filter(uuid=old.uuid).exists():
        user.uuid = old.uuid
    user.save(force_insert=True)
    if old.created_at is not None:
        User.objects.filter(pk=user.pk).update(created_at=old.created_at)
    record(actor, UserRegistered(username=username), at=timezone.now(), user_id=user.pk)
    create_project(replace(actor, user_id=user.pk), {"name": "Inbox"}, is_inbox=True)
    return user.pk


def _free_name(old: OldUser, names: _Names, notes: list[str]) -> str:
    """Return the name, or one like it where it is taken or can't be one here."""
    plain = "".join(character for character in old.username if character.isprintable()).strip()[:USERNAME_LENGTH]
    plain = plain or f"user-{old.old_id}"
    name = next(name for name in _like(plain) if names.is_free(name))
    if name != old.username:
        notes.append(f"{old.username!r} is called {name} here, and logs in by that.")
    return name


def _like(name: str) -> Iterable[str]:
    yield name
    for number in range(2, 2**31):
        yield f"{name[: USERNAME_LENGTH - 11]}-{number}"


def _email(old: OldUser, names: _Names, notes: list[str]) -> str | None:
    if not old.email:
        return None
    if check_email_form(old.email) or not names.is_free(old.email):
        notes.append(
            f"The address of {old.username!r}, {old.email!r}, is not valid or somebody else's; it was left out."
        )
        return None
    return names.take(old.email)


def _password(old: OldUser, username: str, notes: list[str]) -> str:
    if is_bare(old.password):
        # Only in a dry run: what is kept has been wrapped.
        return make_password(None)
    try:
        identify_hasher(old.password)
    except ValueError:
        notes.append(f"The password of {username} can't be read here; they have to reset it.")
        return make_password(None)
    return old.password


def _adopt(actor: Actor, token: OldToken, digest: str, dialect: str, user_id: int, epoch: int) -> int:
    now = timezone.now()
    row = DialectToken.objects.create(
        user_id=user_id, dialect=dialect, digest=digest, epoch=epoch, created_at=token.created_at or now
    )
    record(actor, DialectTokenIssued(token=row.pk, dialect=dialect), at=now, user_id=user_id)
    return row.pk
