"""Tasks handed on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from baton.core.models.delegation import DelegationState
from baton.core.queries.shapes.people import Person
from baton.core.queries.shapes.shape import Shape, one_of

StateName = Annotated[str, one_of(*DelegationState.values)]


class Delegation(Shape):
    """A task handed from the giver to the receiver."""

    id: int
    task: int
    giver: Person
    to: Person
    state: StateName
    note: str
    answer: str
    created_at: datetime
    answered_at: datetime | None
    version: int
