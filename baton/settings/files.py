"""Where files are kept: a folder of this machine, or S3."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from baton.lib import variables
from baton.lib.env import Environment

STATIC_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def choose_storages(env: Environment, folder: Path) -> dict[str, Any]:
    """Return Django's settings of its storages. Raises BadVariable."""
    return {"default": _s3(env) or _local(folder), "staticfiles": STATIC_FILES}


def _local(folder: Path) -> dict[str, Any]:
    return {"BACKEND": "baton.adapters.storage.LocalFiles", "OPTIONS": {"location": str(folder)}}


def _s3(env: Environment) -> dict[str, Any] | None:
    bucket = env.read(variables.S3_BUCKET)
    if not bucket:
        return None
    given = {
        "endpoint_url": env.read(variables.S3_ENDPOINT),
        "region_name": env.read(variables.S3_REGION),
        "access_key": env.read(variables.S3_ACCESS_KEY),
        "secret_key": env.read(variables.S3_SECRET_KEY),
    }
    return {
        "BACKEND": "baton.adapters.s3.S3Files",
        # Names are made by us and never come twice, so nothing has to be asked before writing.
        "OPTIONS": {
            "bucket_name": bucket,
            "file_overwrite": True,
            **{key: value for key, value in given.items() if value},
        },
    }
