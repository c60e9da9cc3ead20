"""The experiments: each one topology, one play, some checks."""
