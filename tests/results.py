#!/usr/bin/env python3
"""Sums up what CTest wrote to a directory with --output-junit:

    results.py DIRECTORY [--broken N]

Tells at the end of a long log what failed and the last lines of what each of
those printed, then `N passed, N failed`. N legs that are broken, for they did
not build or end, count as failed.
"""

import argparse
import sys
import xml.etree.ElementTree as tree
from pathlib import Path

LINES = 60


def skips_itself(test):
    """CTest calls those skipped, too, that it could not start."""
    why = test.find("skipped")
    return why is not None and why.get("message", "").startswith("SKIP_")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--broken", type=int, default=0)
    parser.add_argument("directory", type=Path)
    options = parser.parse_args()
    passed, failed, skipped = 0, options.broken, 0
    for file in sorted(options.directory.glob("*.xml")):
        for test in tree.parse(file).getroot().iter("testcase"):
            if test.get("status") == "run":
                passed += 1
            elif skips_itself(test):
                skipped += 1
            else:
                failed += 1
                print(f"[switchgear] {file.stem}, failed: {test.get('name')}")
                said = (test.findtext("system-out") or "").rstrip().splitlines()
                print("\n".join("    " + line for line in said[-LINES:]))
    if skipped:
        print(f"[switchgear] {skipped} skipped")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
