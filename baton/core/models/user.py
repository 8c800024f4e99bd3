"""People with an account."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.crypto import salted_hmac

from baton.lib.ids import new_uuid
from baton.lib.text import fold


class UserManager(BaseUserManager["User"]):
    """Finds and makes users; Django's `createsuperuser` and authentication back ends call it."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user of that username, whatever its case. Raises User.DoesNotExist."""
        return self.get(username_folded=fold(username or ""))

    def create_user(self, username: str, email: str | None = None, password: str | None = None, **fields: Any) -> User:
        """Save and return a user; without a password nobody can log in as them."""
        user = self.model(username=username, email=email or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> User:
        """Save and return a user with every right in the admin."""
        fields = {"is_staff": True, "is_superuser": True, "is_verified": True, **fields}
        return self.create_user(username, email, password, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account, usable through every surface.

    `first_name` and `last_name` make up `name` where it was given in two parts, and are empty where it was not.
    `token_epoch` is written into every token; raising it ends them all. The folded columns carry uniqueness without
    case, alike on every database.
    """

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    uuid = models.UUIDField(unique=True, default=new_uuid, editable=False)
    username = models.CharField(max_length=150, unique=True)
    username_folded = models.CharField(max_length=600, unique=True, editable=False)
    # Longer than Django's, since a password from an older system carries that one's salt.
    password = models.CharField(max_length=255)
    email = models.EmailField(null=True, blank=True)  # noqa: DJ001  # absent, and so not equal to another absent one
    email_folded = models.CharField(max_length=1000, unique=True, null=True, editable=False)  # noqa: DJ001
    name = models.CharField(max_length=150, blank=True)
    first_name = models.CharField(max_length=255, blank=True, default="", db_default="")
    last_name = models.CharField(max_length=255, blank=True, default="", db_default="")
    avatar = models.CharField(max_length=200, null=True, blank=True, editable=False)  # noqa: DJ001
    timezone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=8, default="en")
    is_verified = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    token_epoch = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.username

    def clean(self) -> None:
        """Leave the username as typed: `fold` does the comparing (the parent would normalise what people see)."""

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Return what a browser's session is good for as long as it is the same: the password and the epoch."""
        given = f"{self.token_epoch}:{self.password}"
        return salted_hmac("baton.core.models.user.session", given, secret=secret, algorithm="sha256").hexdigest()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the folded columns in step."""
        self.email = self.email or None
        self.username_folded = fold(self.username)
        self.email_folded = fold(self.email) if self.email else None
        super().save(*args, **kwargs)
