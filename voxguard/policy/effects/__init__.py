"""The effects of the language, a file each."""
