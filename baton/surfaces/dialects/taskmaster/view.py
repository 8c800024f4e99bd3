"""What every view of this dialect shares."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework.authentication import BaseAuthentication

from baton.surfaces.dialects.taskmaster.auth import BearerToken
from baton.surfaces.dialects.taskmaster.dialect import DIALECT
from baton.surfaces.wire.dialects.view import DialectView
from baton.surfaces.wire.views import Access


class TaskmasterView(DialectView):
    """A view for people with a token."""

    dialect = DIALECT
    authentication_classes: Sequence[type[BaseAuthentication]] = (BearerToken,)


class OpenView(TaskmasterView):
    """A view for people without a token; one that has run out is in nobody's way here."""

    access = Access.PUBLIC
    authentication_classes = ()
