"""The wire contracts of older task back ends, a folder each: it translates and decides nothing.

Each folder's `dialect.py` holds `DIALECT` (`wire.dialects.dialect.Dialect`) and its `urls.py` the routes.
"""
