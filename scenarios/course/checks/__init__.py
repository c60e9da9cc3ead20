"""What the experiments of the course are judged by."""
