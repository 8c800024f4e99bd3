"""Reading the databases of older systems: a file for each, which knows their tables and nothing of ours."""
