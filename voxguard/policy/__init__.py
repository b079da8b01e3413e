"""What an author writes: documents, names and scopes, conditions and effects."""
