"""Voice moderation for Discord as rules in files."""

from typing import Final

__version__: Final = "0.1.0"
