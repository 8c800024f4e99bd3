"""The dialect of API TaskTable (000)."""
