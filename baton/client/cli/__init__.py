"""The command line for people who work with tasks: `baton login`, `baton task list`, `baton watch` and the others."""
