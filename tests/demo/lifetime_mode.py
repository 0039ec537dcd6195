#!/usr/bin/env python3
"""However the demo ends, its services end with it."""

import os
import signal
import subprocess
import unittest

from world import DEMO, Terminal, children_of, environment, eventually, has_ended, process_status


def start_plain():
    """The demo with its four services running, in line mode."""
    process = subprocess.Popen(
        [DEMO, "--plain"], env=environment(), text=True, bufsize=1,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )
    while "try help" not in (line := process.stdout.readline()):
        if not line:
            raise AssertionError("the demo ended early")
    return process


class Lifetime(unittest.TestCase):
    def close(self, process):
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()

    def test_killed_outright(self):
        process = start_plain()
        self.addCleanup(self.close, process)
        # One is stopped: it could not see the end of its input.
        process.stdin.write("break llm pause\n")
        self.assertEqual(process.stdout.readline(), "llm: service is stopped\n")
        services = children_of(process.pid)
        self.assertEqual(len(services), 4)
        process.kill()
        for service in services:
            eventually(lambda pid=service: has_ended(pid), lambda: str(services))

    def test_killed_while_its_screen_is_up(self):
        # Services that were started again belong to another thread.
        terminal = Terminal()
        self.addCleanup(terminal.close)
        terminal.enter_live_view()
        terminal.press("k")
        terminal.wait_for("killed")
        terminal.press("f")
        terminal.wait_for("service is healthy")
        terminal.press("p")
        terminal.wait_for("stopped")
        services = terminal.services()
        self.assertEqual(len(services), 4)
        terminal.signal(signal.SIGKILL)
        for service in services:
            eventually(lambda pid=service: has_ended(pid), lambda: str(services))

    def test_no_zombies_while_it_runs(self):
        process = start_plain()
        self.addCleanup(self.close, process)
        for _ in range(3):
            process.stdin.write("break search kill\n")
            process.stdout.readline()
            process.stdin.write("heal search\n")
            process.stdout.readline()
        # One that somebody else kills is noticed and reaped, too.
        victim = children_of(process.pid)[0]
        os.kill(victim, signal.SIGKILL)

        def reaped():
            process.stdin.write("stats\nnonsense\n")
            while not process.stdout.readline().startswith("?"):
                pass
            return process_status(victim) is None

        eventually(reaped)
        states = [process_status(pid)[1] for pid in children_of(process.pid)]
        self.assertEqual(len(states), 3)
        self.assertNotIn("Z", states)

    def test_services_hold_nothing_of_the_demo_open(self):
        # Else a pipe to the demo would not end with the demo.
        process = start_plain()
        self.addCleanup(self.close, process)
        for service in children_of(process.pid):
            targets = [
                os.readlink(f"/proc/{service}/fd/{fd}")
                for fd in os.listdir(f"/proc/{service}/fd")
                if fd not in ("0", "1", "2")
            ]
            pipes = [target for target in targets if target.startswith("pipe:")]
            self.assertEqual(pipes, [])


if __name__ == "__main__":
    unittest.main()
