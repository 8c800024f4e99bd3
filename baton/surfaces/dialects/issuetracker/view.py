"""What the views of this dialect share."""

from __future__ import annotations

from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer

from baton.surfaces.dialects.issuetracker.auth import IssueToken
from baton.surfaces.dialects.issuetracker.dialect import DIALECT
from baton.surfaces.wire.dialects.view import DialectView
from baton.surfaces.wire.views import Access


class IssueTrackerView(DialectView):
    """A resource of this dialect: JSON, or the framework's pages for a browser."""

    dialect = DIALECT
    access = Access.SIGNED_IN
    authentication_classes = (IssueToken,)
    renderer_classes = (JSONRenderer, BrowsableAPIRenderer)
