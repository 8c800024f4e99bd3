"""What the dialects share: views, error bodies, projections, tokens and mounting. Nothing here knows a dialect."""
