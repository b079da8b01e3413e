"""Hot swap: from changed files to a revision that can be made the active one.

The files are read, checked and compiled in a process of its own; the daemon's loop takes
in the result piece by piece. What does not load never gets this far.
"""
