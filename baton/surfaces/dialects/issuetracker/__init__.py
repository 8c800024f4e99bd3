"""The dialect of issue-Tracker-REST (004)."""
