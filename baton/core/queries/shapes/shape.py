"""What every shape is."""

from __future__ import annotations

from typing import Annotated

import msgspec


def one_of(*values: str) -> msgspec.Meta:
    """Describe a text of a closed set. It is for the schema: what goes out is not checked again."""
    return msgspec.Meta(extra_json_schema={"enum": list(values)})


JsonObject = Annotated[msgspec.Raw, msgspec.Meta(extra_json_schema={"type": "object"})]


class Shape(msgspec.Struct, kw_only=False, gc=False):
    """A thing as it is shown."""
