"""What is said of a policy set: its problems, for programs and for people."""
