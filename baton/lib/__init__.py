"""Plain Python by topic: no Django models, no HTTP."""
