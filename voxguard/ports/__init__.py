"""What web, discord, store and the daemon need of each other, as Protocols and plain records."""
