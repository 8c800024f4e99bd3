"""One command per file, named as it is typed."""
