"""What `voxguard init` makes: a repository for policies, with all that goes around them."""
