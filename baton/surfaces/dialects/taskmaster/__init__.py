"""The dialect of api.taskmaster-django (001)."""
