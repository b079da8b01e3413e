"""Policy tests: cases of what members do, and of what is to be decided about them."""
