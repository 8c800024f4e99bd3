#!/usr/bin/env python
"""Run a command: `python manage.py help` lists them."""

import sys

from baton.__main__ import manage

if __name__ == "__main__":
    sys.exit(manage())
