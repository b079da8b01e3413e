"""World and scenario files, read with the place of every mistake."""
