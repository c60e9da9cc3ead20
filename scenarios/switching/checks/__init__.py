"""What the experiments on packet switching are judged by."""
