"""The product: models, events, policies, queries and commands. It knows no HTTP."""
