"""Policy tests played on a virtual clock."""
