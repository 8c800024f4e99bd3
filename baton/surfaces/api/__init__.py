"""The native REST API: one file per noun."""
