"""Chaos: random faults in a busy lab, by a plan that a seed makes; then all is healed, and judged."""
