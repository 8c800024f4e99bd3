"""A client of a Baton server for programs; docs/client.md shows it at work.

It knows nothing of the server's code: importing it imports no Django.
"""

from __future__ import annotations

from baton.client.asynchronous import AsyncClient
from baton.client.blocking import Client
from baton.client.errors import (
    BadAnswer,
    BatonError,
    Conflict,
    Denied,
    FieldError,
    Invalid,
    LimitReached,
    NotFound,
    NotLoggedIn,
    Refused,
    Resync,
    ServerFault,
    Stale,
    Unreachable,
)
from baton.client.retries import Patience
from baton.client.shapes import (
    Comment,
    Delegation,
    Event,
    EventPage,
    Member,
    Person,
    Profile,
    Project,
    Task,
    Tokens,
)
from baton.client.tokens import TokenStore

__all__ = [
    "AsyncClient",
    "BadAnswer",
    "BatonError",
    "Client",
    "Comment",
    "Conflict",
    "Delegation",
    "Denied",
    "Event",
    "EventPage",
    "FieldError",
    "Invalid",
    "LimitReached",
    "Member",
    "NotFound",
    "NotLoggedIn",
    "Patience",
    "Person",
    "Profile",
    "Project",
    "Refused",
    "Resync",
    "ServerFault",
    "Stale",
    "Task",
    "TokenStore",
    "Tokens",
    "Unreachable",
]
