"""The conditions of the language, a file each."""
