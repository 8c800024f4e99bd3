"""What follows from an event, after its commit. `baton/wiring.py` lists what there is."""
