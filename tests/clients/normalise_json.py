# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes each JSON value of standard input on one line, with sorted keys."""

import json
import sys


def main() -> int:
    """Reads values that follow each other, with or without line breaks."""
    text = sys.stdin.read().strip()
    decoder = json.JSONDecoder()
    while text:
        value, end = decoder.raw_decode(text)
        print(json.dumps(value, sort_keys=True))
        text = text[end:].lstrip()
    return 0


if __name__ == "__main__":
    sys.exit(main())
