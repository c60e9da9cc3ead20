"""What a real wire bore, by packet number: wire.ek, which tshark wrote, read as the lab reads it."""

from pathlib import Path

from lab.dissect import parse

LINES = (Path(__file__).parent / "wire.ek").read_bytes().splitlines()
WIRE = {packet.number: packet for line in LINES if (packet := parse(line, "lab"))}
