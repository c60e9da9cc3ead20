"""What must hold of a lab in which everything is broken for a while."""
