"""Policies on a virtual clock: recorded traces, and questions about what would be."""
