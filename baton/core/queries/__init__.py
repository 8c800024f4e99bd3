"""Everything that can be asked. `get_` gives one or raises NotFound, `find_` one or None, `list_` a page."""
