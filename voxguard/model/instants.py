"""Instants as text, the same in every answer and file."""

from datetime import datetime


def instant_text(at: datetime) -> str:
    """An instant in UTC, with a fraction only where it is not zero."""
    return at.isoformat().replace("+00:00", "Z")
