"""The lasting credentials of dialects whose clients know nothing else."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class DialectToken(models.Model):
    """A token of 40 hexadecimal digits that a dialect's clients send; only its SHA-256 is kept.

    The token is made from `seed` and the server's key, so that a log-in can hand out the same one again; one that an
    import brought along has none. It is good as long as `epoch` is its user's and it was not revoked.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="dialect_tokens")
    dialect = models.CharField(max_length=20)
    seed = models.UUIDField(null=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    epoch = models.PositiveIntegerField(editable=False)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "dialect", "epoch"],
                condition=Q(revoked_at=None, seed__isnull=False),
                name="one_made_token_per_dialect",
            ),
        )

    def __str__(self) -> str:
        return f"{self.dialect} token of user {self.user_id}"
