"""The Celery application. The broker only wakes workers up: what must be done stands in the database."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from django.conf import settings

from baton.lib.redis_urls import speak_redis
from baton.schedule import make_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baton.settings")

# The host says nothing to the memory transport; without one kombu warns that it is missing.
EMBEDDED_BROKER = "memory://localhost"

app = Celery(
    "baton",
    task_cls="baton.jobs.noted:NotedJob",
    amqp="baton.jobs.shared_clock:DatedMessages",
    include=[
        "baton.jobs.deliver",
        "baton.jobs.follow_log",
        "baton.jobs.housekeeping",
        "baton.jobs.keep_files",
        "baton.jobs.make_rounds",
        "baton.jobs.tell_people",
    ],
)


def broker_url() -> str:
    """Return the broker of production, or the one inside the process where none is set."""
    return speak_redis(settings.BATON_BROKER_URL or settings.BATON_REDIS_URL) or EMBEDDED_BROKER


def _transport_options(url: str) -> dict[str, Any]:
    """Return what keeps a broker that takes connections and never answers from holding anybody for long."""
    if url.startswith("amqp"):
        return {"write_timeout": 5}
    if url == EMBEDDED_BROKER:
        return {"polling_interval": 0.1}
    return {
        "socket_timeout": 5,
        "socket_connect_timeout": 3,
        "health_check_interval": 10,
        # Longer than any job runs; what a dead worker held is found again by the sweeper long before.
        "visibility_timeout": 3600,
    }


app.conf.update(
    broker_url=broker_url(),
    broker_connection_timeout=3,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # Where a connection was lost without a word, RabbitMQ refuses the name until it notices too.
    broker_channel_error_retry=True,
    broker_heartbeat=10,
    broker_transport_options=_transport_options(broker_url()),
    # JSON only: a broker that somebody else can write to must not be able to run code here.
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    result_backend=None,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    task_publish_retry_policy={"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.5},
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_enable_remote_control=True,
    worker_send_task_events=False,
    beat_schedule=make_schedule(),
    timezone="UTC",
    enable_utc=True,
)
