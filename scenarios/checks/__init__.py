"""What scenarios check: pure functions of a history, by subject."""
