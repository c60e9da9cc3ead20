"""Every parser of what comes from outside, under inputs that a fuzzer makes: nothing is raised, and more holds."""
