"""Whom the tests of reactions send to."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from tests import hooks
from tests.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """Return a receiver of webhooks on this machine, which may be written to."""
    settings.BATON_OUTGOING_NETWORKS = (ip_network(hooks.LOOPBACK),)
    with receiving() as found:
        yield found
