"""Telling other threads and processes that the log has grown.

It is a wake-up and never a message: losing one costs time, and nothing else.
"""

CHANNEL = "baton_log"
