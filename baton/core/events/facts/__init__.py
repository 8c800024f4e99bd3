"""Every kind of event, by noun. `catalogue.py` knows them all."""
