"""What is left of an allowance: `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers)."""

from __future__ import annotations

from baton.core.commands.guesses import Standings


def rate_limit_headers(standings: Standings) -> dict[str, str]:
    """Return the fields: each policy with its quota in a window of seconds, what remains of it, and until when."""
    if not standings:
        return {}
    policies, left = [], []
    for allowance, count in standings.items():
        window = int(allowance.within.total_seconds())
        policies.append(f'"{allowance.what}";q={allowance.most};w={window}')
        # An allowance that nobody has begun to use lasts for its whole time.
        resets = count.seconds_left if count.number else window
        left.append(f'"{allowance.what}";r={max(allowance.most - count.number, 0)};t={resets}')
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(left)}
