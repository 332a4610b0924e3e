"""One suite for every source."""
