"""What drives a RUNNING lab from the host: nodes and their terminals, taps, packets, faults, the history."""
