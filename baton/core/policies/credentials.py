"""How far does a credential reach? People's log-ins reach as far as they do; an API token is made to reach less far."""

from __future__ import annotations

from collections.abc import Iterable

from baton.core.actor import Actor

READ, WRITE, ADMIN = "read", "write", "admin"
SCOPES = (READ, WRITE, ADMIN)
"""Looking; working in projects; deciding who belongs to them, and over accounts, tokens and webhooks. Each holds the
ones before it."""


def reaches(actor: Actor, scope: str) -> bool:
    """Does the actor's credential reach this far?"""
    return actor.scopes is None or scope in within(actor.scopes)


def reaches_account(actor: Actor) -> bool:
    """May the actor see and change their own account? Not with a token for one project."""
    return actor.project_id is None


def can_give_scopes(actor: Actor, scopes: Iterable[str]) -> bool:
    """May the actor make a token of these scopes? Nobody gives more than they have."""
    return all(reaches(actor, scope) for scope in scopes)


def within(scopes: Iterable[str]) -> frozenset[str]:
    """Return everything that is allowed with these scopes."""
    highest = max((SCOPES.index(scope) for scope in scopes if scope in SCOPES), default=-1)
    return frozenset(SCOPES[: highest + 1])
