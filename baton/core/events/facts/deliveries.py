"""What people do about messages on their way."""

from __future__ import annotations

from typing import ClassVar

from baton.core.events.fact import Fact


class DeliveryRetried(Fact):
    """Somebody had a message tried again at once, with all its tries anew. `channel`: `mail` or `webhook`."""

    verb: ClassVar[str] = "delivery.retried"
    delivery: int
    channel: str
