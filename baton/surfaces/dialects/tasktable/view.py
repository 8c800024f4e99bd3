"""What the views of this dialect share."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer

from baton.surfaces.dialects.tasktable.auth import TableSession, TableToken
from baton.surfaces.dialects.tasktable.dialect import DIALECT
from baton.surfaces.dialects.tasktable.parsers import PARSERS
from baton.surfaces.wire.dialects.view import DialectView
from baton.surfaces.wire.views import Access


class TaskTableView(DialectView):
    """A resource of this dialect: JSON, or the framework's pages for a browser."""

    dialect = DIALECT
    access = Access.SIGNED_IN
    authentication_classes = (TableSession, TableToken)
    renderer_classes = (JSONRenderer, BrowsableAPIRenderer)
    parser_classes = PARSERS


class FormView(TaskTableView):
    """A resource whose pages have a form of the fields of `shape`."""

    shape: ClassVar[type[serializers.Serializer[Any]]]

    def get_serializer(self, *_args: Any, **_kwargs: Any) -> serializers.Serializer[Any]:
        """Return the form of the page, empty."""
        return self.shape()
