"""The invariants of docs/architecture.md, each looked at where it shows first."""
