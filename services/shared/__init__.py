"""What several of the programs need: one small concept a file."""
