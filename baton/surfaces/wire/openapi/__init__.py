"""The OpenAPI 3.1 document, made from what the routes declare (`wire/operations.py`). Imported only to make it."""
