"""A bulk of 500 status changes beside one, and a board of 200 tasks beside a list of 50: `python -m bench.bulk`.

Requests go through Django's own client, so that no server's overhead flatters the ratio. The database is the one of
the environment, as its test database.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable

import django

ROUNDS = 15
MANY = 500
ON_BOARD = 200


def main() -> None:
    """Fill a test database, measure, and print wall and processor milliseconds with their ratios."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baton.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment

    settings.PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
    setup_test_environment(debug=False)
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        measure()
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def measure() -> None:
    from django.db import connection
    from django.test import Client

    from baton.core.models import Status
    from tests.factories import bearer, make_project, make_task, make_user

    owner = make_user("olga")
    project, small = make_project(owner, "Many"), make_project(owner, "Board")
    tasks = [make_task(owner, project, f"Task {number}", assigned_to=owner.pk).pk for number in range(MANY)]
    for number in range(ON_BOARD):
        make_task(
            owner,
            small,
            f"Card {number}",
            description="What there is to be said of it. " * 4,
            status=Status.values[number % 4],
            assigned_to=owner.pk,
            labels=["bug", "urgent"] if number % 10 < 3 else [],
        )
    client, credential = Client(), bearer(owner)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    def send(method: str, path: str, body: object = None) -> None:
        data = json.dumps(body) if body is not None else ""
        response = client.generic(method, path, data, "application/json", **credential)
        if response.status_code != 200:
            sys.exit(f"{method} {path}: {response.status_code} {response.content!r:.500}")

    def one(number: int) -> None:
        send("PATCH", f"/api/tasks/{tasks[0]}/status/", {"status": Status.values[number % 5]})

    def bulk(number: int) -> None:
        status = Status.values[number % 5]
        send("POST", "/api/tasks/bulk/", {"operations": [{"op": "status", "task": t, "status": status} for t in tasks]})

    measured = {
        "one status change": timed(one, 10),
        f"bulk of {MANY}": timed(bulk, 1),
        "list of 50": timed(lambda _: send("GET", f"/api/tasks/?project={small.pk}"), 10),
        f"board of {ON_BOARD}": timed(lambda _: send("GET", f"/api/projects/{small.pk}/board/"), 10),
    }
    print(connection.vendor)
    for name, (wall, cpu) in measured.items():
        print(f"  {name:20} {wall:8.2f} ms  {cpu:8.2f} ms of processor")
    lines = list(measured.values())
    print(f"  bulk / one   {lines[1][0] / lines[0][0]:6.1f}  {lines[1][1] / lines[0][1]:6.1f}   (at most 20)")
    print(f"  board / list {lines[3][0] / lines[2][0]:6.1f}  {lines[3][1] / lines[2][1]:6.1f}   (at most 3)")


def timed(act: Callable[[int], None], times: int) -> tuple[float, float]:
    """Return the median milliseconds of one call by the wall's clock and by the processor's."""
    act(0)
    walls, cpus = [], []
    for round_ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        for number in range(times):
            act(1 + round_ * times + number)
        walls.append((time.perf_counter() - wall) * 1000 / times)
        cpus.append((time.process_time() - cpu) * 1000 / times)
    return statistics.median(walls), statistics.median(cpus)


if __name__ == "__main__":
    main()
