"""Waiting for what comes true by itself."""

import time

# For a slow machine with much else to do; nothing waits this long otherwise.
PATIENCE = 90


def eventually(what, describe=lambda: ""):
    """Waits until `what()` is true and returns it."""
    deadline = time.monotonic() + PATIENCE
    while True:
        result = what()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"did not come true in {PATIENCE} s\n{describe()}")
        time.sleep(0.02)
