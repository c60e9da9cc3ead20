"""Programs that make load, in the containers of a benchmark. Standard library only; each prints one JSON object."""
