"""Lets `python -m voxguard` do what the installed command does."""

import sys

from voxguard.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
