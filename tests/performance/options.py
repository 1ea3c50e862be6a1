"""How the bench starts a process that reads the job. Needs nothing but Python."""

import argparse
from pathlib import Path

# What is read, what is passed on, what comes of it.
IN, PASSED, OUT = "submission-received", "bench-passed", "bench-out"
AT_ONCE = 1000  # most submissions of one micro-batch


def options() -> argparse.Namespace:
    """What it was told."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstrap", default="")
    parser.add_argument("--topic", default=IN)
    parser.add_argument("--out", default=OUT)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rebuild", action="store_true")
    return parser.parse_args()
