"""What the experiments on casts are judged by."""
