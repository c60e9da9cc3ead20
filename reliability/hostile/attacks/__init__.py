"""What attacks a program, and who is served meanwhile: run in containers, standard library only."""
