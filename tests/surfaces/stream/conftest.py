"""A server with the live stream for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.surfaces.stream.served import Served, serve_live


@pytest.fixture
def served(transactional_db: None) -> Iterator[Served]:
    """Serve on the test's database, which its threads share: what they read has to be committed."""
    with serve_live() as running:
        yield running
