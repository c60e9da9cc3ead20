"""What the course sets: its three questions, its architecture."""
