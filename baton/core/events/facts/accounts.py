"""What happens to accounts, their sessions and their credentials."""

from __future__ import annotations

from typing import ClassVar

from baton.core.events.fact import Fact


class UserRegistered(Fact):
    """Somebody opened an account."""

    verb: ClassVar[str] = "user.registered"
    username: str


class ProfileChanged(Fact):
    """A user's particulars changed, by themselves or by an administrator."""

    verb: ClassVar[str] = "user.profile_changed"
    fields: ClassVar[tuple[str, ...]] = (
        "username",
        "email",
        "name",
        "first_name",
        "last_name",
        "avatar",
        "timezone",
        "language",
        "is_verified",
    )


class PasswordChanged(Fact):
    """A user set a new password, which ended their other sessions."""

    verb: ClassVar[str] = "user.password_changed"


class VerificationRequested(Fact):
    """Somebody asked for another letter that verifies an address; about nobody where it is no account's to verify."""

    verb: ClassVar[str] = "user.verification_requested"


class EmailVerified(Fact):
    """A user showed that they read the mail of their address."""

    verb: ClassVar[str] = "user.email_verified"
    fields: ClassVar[tuple[str, ...]] = ("is_verified",)


class PasswordResetRequested(Fact):
    """Somebody forgot a password; about nobody where the address is no account's."""

    verb: ClassVar[str] = "user.password_reset_requested"


class PasswordReset(Fact):
    """A user set a new password by a letter, which ended every session and API token of theirs, and their feed."""

    verb: ClassVar[str] = "user.password_reset"
    fields: ClassVar[tuple[str, ...]] = ("is_verified",)


class LoggedOutEverywhere(Fact):
    """A user ended every session and API token of theirs, and their feed."""

    verb: ClassVar[str] = "user.logged_out_everywhere"


class TokenCreated(Fact):
    """A user made an API token; with a `project` it opens that one only."""

    verb: ClassVar[str] = "token.created"
    token: int
    name: str
    scopes: list[str]
    project: int | None


class TokenRevoked(Fact):
    """A user revoked an API token."""

    verb: ClassVar[str] = "token.revoked"
    token: int


class DialectTokenIssued(Fact):
    """A user logged in through a dialect whose tokens last, and got one."""

    verb: ClassVar[str] = "dialect.token_issued"
    token: int
    dialect: str


class DialectTokenRevoked(Fact):
    """A user, or an administrator, revoked a user's token of a dialect."""

    verb: ClassVar[str] = "dialect.token_revoked"
    token: int
    dialect: str


class PasswordSet(Fact):
    """An administrator set a user's password, which ended the user's sessions."""

    verb: ClassVar[str] = "user.password_set"


class UserDeactivated(Fact):
    """An administrator closed an account, which ended its sessions; what its user made stays."""

    verb: ClassVar[str] = "user.deactivated"


class UserReactivated(Fact):
    """An administrator opened a closed account again."""

    verb: ClassVar[str] = "user.reactivated"


class RightsChanged(Fact):
    """A superuser changed what an account may do in the admin; `groups` are their names."""

    verb: ClassVar[str] = "user.rights_changed"
    fields: ClassVar[tuple[str, ...]] = ("is_staff", "is_superuser", "groups")


class TokenWithdrawn(Fact):
    """An administrator revoked somebody's API token."""

    verb: ClassVar[str] = "token.withdrawn"
    token: int
    name: str


class SessionOpened(Fact):
    """A user logged in."""

    verb: ClassVar[str] = "session.opened"
    session: int
    audience: str


class SessionEnded(Fact):
    """A session ended. `reason`: `logout`, `admin`, or `reuse` where an outdated refresh token came up again."""

    verb: ClassVar[str] = "session.ended"
    session: int
    reason: str


class CalendarFeedOpened(Fact):
    """Somebody got a secret address for their calendar feed; an older one stopped working."""

    verb: ClassVar[str] = "calendar.feed_opened"


class CalendarFeedClosed(Fact):
    """Somebody's calendar feed was revoked."""

    verb: ClassVar[str] = "calendar.feed_closed"


class NotificationSettingsChanged(Fact):
    """A user changed how they want to be told of things. `changes.modes` has kinds, and `7:kind` for one project.

    `changes.letters` has others by their names.
    """

    verb: ClassVar[str] = "user.notification_settings_changed"
    fields: ClassVar[tuple[str, ...]] = (
        "modes",
        "letters",
        "gather_minutes",
        "digest_hour",
        "digest_weekday",
        "quiet_from",
        "quiet_until",
    )
