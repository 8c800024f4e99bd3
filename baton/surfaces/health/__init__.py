"""Is it alive, is it ready, how is it doing: for probes and for Prometheus."""
