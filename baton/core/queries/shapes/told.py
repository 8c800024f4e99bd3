"""Who was told what, and how."""

from __future__ import annotations

from datetime import datetime

from baton.core.queries.shapes.deliveries import Delivery
from baton.core.queries.shapes.notifications import KindName, ModeName
from baton.core.queries.shapes.people import Person
from baton.core.queries.shapes.shape import Shape


class Told(Shape):
    """Somebody was told of something, or was to be.

    `kind` and `mode` are None for what no notification stands behind: a dialect's own letter, a webhook's event.
    `delivery` is the message, once there is one; `is_told` says whether it arrived, and where not, `why` says why.
    """

    at: datetime
    user: Person | None
    kind: KindName | None
    mode: ModeName | None
    event: int | None
    verb: str
    is_told: bool
    why: str
    delivery: Delivery | None
