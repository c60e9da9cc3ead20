"""What was thrown at the lab and its programs, and what came through: makes docs/reliability.md."""
