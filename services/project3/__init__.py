"""The given pair of programs: a TCP server and a TCP client. Nothing in a lab may need them changed."""
