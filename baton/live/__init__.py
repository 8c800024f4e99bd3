"""Following what happens, live: one hub per process reads the log for everybody who listens.

It knows no wire: a surface opens a `Subscription` at the `Hub` and speaks to its client.
"""
