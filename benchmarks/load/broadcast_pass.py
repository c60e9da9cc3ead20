"""What the broadcast server does with lines itself, and nothing else: no socket, no thread, no receiver.

    a read's worth of lines ---> sanitise, or tag        the same again and again

Prints the CPU seconds that a million lines take.
"""

import argparse
import json
import time
from collections.abc import Callable

from benchmarks.load import broadcast_lines as lines
from services.shared.lines import tag
from services.shared.sanitise import sanitise

BLOCKS = 4
"""What the server gets of a read when much is sent: 256 KiB."""

STEPS: dict[str, Callable[[bytes], bytes]] = {"sanitise": sanitise, "tag": lambda batch: tag(batch, 1)}


def main() -> None:
    """Do it for some seconds; print what it took."""
    line = argparse.ArgumentParser(description="Times what the broadcast server does with lines.")
    line.add_argument("--step", choices=STEPS, required=True, help="which of the things that it does")
    line.add_argument("--seconds", type=float, required=True, help="of CPU time")
    options = line.parse_args()
    print(json.dumps({"seconds": per_million(STEPS[options.step], options.seconds)}))


def per_million(step: Callable[[bytes], bytes], seconds: float) -> float:
    """Return the CPU seconds that a step takes for a million lines."""
    batch = b"".join(lines.blocks(BLOCKS))
    done, began = 0, time.process_time()
    while (took := time.process_time() - began) < seconds:
        step(batch)
        done += BLOCKS * lines.LINES
    return took / done * 1e6


if __name__ == "__main__":
    main()
