"""Carrying decisions out: a pure queue that says who is next, and a shell that sends."""
