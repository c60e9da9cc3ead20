"""Signals at many moments of `make up`, a test run, and `make down`: what is left, and who removes it."""
