"""Work beside the requests: Celery tasks of a few lines, and when they run."""
