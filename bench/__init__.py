"""The benchmark: Baton beside an app written the usual way, and figures of its own. `bin/bench --help` tells how."""
