"""Refusals in the framework's form, with this dialect's sentences."""

from __future__ import annotations

from baton.surfaces.wire.dialects.rest_errors import RestErrors

REFUSE = RestErrors(
    challenge="Token",
    sentences={("/assigned_to", "not_a_member"): "Object with this username does not exist."},
)
