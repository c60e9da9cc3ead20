"""Load and hostile input for each program that listens."""
