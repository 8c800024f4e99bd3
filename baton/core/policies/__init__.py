"""Who sees what, and who may do what. Each permission is a function whose docstring is a question."""
