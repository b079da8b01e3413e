"""What `voxguard doctor` looks at before a daemon is started, or when it does not do its work."""
