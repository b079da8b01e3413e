"""What is measured of the daemon, read off its parts when somebody asks."""
