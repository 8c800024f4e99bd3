"""Who acts: a user with a credential, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass

from baton.core.errors import Denied


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is behind a request, as its credential says.

    A surface builds it from a credential whose signature it has checked; whether the session is still open and the
    user still active is a fact of the database, which `queries.credentials.require_live` or a hot read looks up.

    That is where `is_live` is false; a surface that has just looked sets it.

    `session_id` is the `Session` row the credential belongs to and `epoch` the user's token epoch it was issued in
    (both None for the system). `surface` names the way in and `request_id` the request, for the event log. `undoes` is
    the event whose reversal the actor is after, if any.

    An API token is `token_id`; it reaches as far as its `scopes` (None: as far as the user) and, where it has a
    `project_id`, opens that project and nothing else, not even the user's own account.
    """

    user_id: int | None
    session_id: int | None = None
    epoch: int | None = None
    surface: str = "api"
    request_id: str = ""
    is_live: bool = False
    undoes: int | None = None
    token_id: int | None = None
    scopes: frozenset[str] | None = None
    project_id: int | None = None

    @property
    def person(self) -> int:
        """The id of the user who acts. Raises Denied where the system does: some things only a person can do."""
        if self.user_id is None:
            raise Denied("Only a person can do this.")
        return self.user_id

    @property
    def is_system(self) -> bool:
        """Is this the system itself, acting for nobody?"""
        return self.user_id is None


SYSTEM = Actor(user_id=None, surface="system")
IMPORT_SURFACE = "import"
DEMO_SURFACE = "demo"
SILENT_SURFACES = frozenset({IMPORT_SURFACE, DEMO_SURFACE})
"""What comes in by these has happened elsewhere, or never: it is nobody's news."""
