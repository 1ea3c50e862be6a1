"""How the bench starts a process that reads the job. Needs nothing but Python."""

import argparse
from pathlib import Path

AT_ONCE = 1000  # most submissions of one micro-batch


def options() -> argparse.Namespace:
    """What it was told."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstrap", default="")
    parser.add_argument("--topic", default="submission-received")
    parser.add_argument("--out", default="bench-out")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rebuild", action="store_true")
    return parser.parse_args()
