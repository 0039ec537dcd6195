#!/usr/bin/env python3
"""The live view, in a terminal, by its keys."""

import signal
import unittest

from world import Terminal, eventually, has_ended

COLOUR = "\x1b\\[([0-9]+;)*[349][0-7][;m]"


class LiveView(unittest.TestCase):
    def open_terminal(self, *arguments, **variables):
        terminal = Terminal(*arguments, **variables)
        self.addCleanup(terminal.close)
        terminal.enter_live_view()
        return terminal

    def assert_clean_end(self, terminal, services, code):
        self.assertEqual(terminal.exit_code(), code)
        self.assertTrue(terminal.is_restored())
        for service in services:
            self.assertTrue(has_ended(service))

    def test_break_heal_crash_and_quit(self):
        terminal = self.open_terminal()
        services = terminal.services()
        self.assertEqual(len(services), 4)
        terminal.wait_for(r"switchgear +4 closed")
        self.assertRegex(terminal.screen(escapes=True), COLOUR)

        # Break the second tool, under steady traffic, by killing its service.
        terminal.press("Down", "t")
        terminal.wait_for(r"traffic on 1 of 4")
        terminal.press("k")
        terminal.wait_for(r"▸ payments +●╱ ● +open +in \d")
        terminal.wait_for(r"killed +⇄ .*✗✗✗.*–")
        terminal.wait_for(r"switchgear +3 closed +1 open")
        terminal.wait_for(r"why +3 failures in a row \(threshold 3\), last: connection refused")
        terminal.wait_for(r"payments +open: 3 failures in a row, last: connection refused")

        # Kill the breaker's actor: it comes back, open as it was.
        terminal.press("x")
        terminal.wait_for(r"restarts 1 ")
        terminal.wait_for(r"the breaker's actor crashed and is back")

        terminal.press("f")
        terminal.wait_for(r"▸ payments +●━━● +closed")
        terminal.wait_for(r"payments +closed: recovered")
        terminal.wait_for(r"trips [1-9].*mean recovery")

        services = terminal.services()
        terminal.press("q")
        self.assert_clean_end(terminal, services, 0)
        # The phases are there again.
        self.assertIn("Demo Complete", terminal.screen())

    def test_every_way_to_break_a_service(self):
        terminal = self.open_terminal()
        terminal.press("T")
        terminal.wait_for("traffic on 4 of 4")
        for number, (key, words) in enumerate(
            [("e", "HTTP 500"), ("h", "hangs"), ("p", "stopped"), ("k", "killed")], 1
        ):
            terminal.press(str(number), key)
            terminal.wait_for(rf"{words} *⇄")
        terminal.wait_for("switchgear +4 open")
        for number in "1234":
            terminal.press(number, "f")
        terminal.wait_for("switchgear +4 closed")
        terminal.press("T")
        terminal.wait_for("traffic on 0 of 4")

    def test_held_open_until_let_go(self):
        terminal = self.open_terminal()
        terminal.press("3", "i")
        terminal.wait_for(r"▸ search +●╱ ● +open +held")
        terminal.press("c")
        terminal.wait_for(r"healthy +–")
        terminal.press("a")
        terminal.wait_for(r"▸ search +●╌╌● +half-open +0 of 2")
        terminal.press("r")
        terminal.wait_for(r"▸ search +●━━● +closed")
        terminal.press("o")
        terminal.wait_for(r"▸ search +●╱ ● +open +in \d")

    def test_help_and_sizes(self):
        terminal = self.open_terminal()
        terminal.press("?")
        terminal.wait_for("Any key leaves this page")
        terminal.press("Escape")
        terminal.wait_for("q quit")
        for columns, rows in ((44, 12), (20, 5), (160, 50), (80, 24)):
            terminal.resize(columns, rows)
            terminal.wait_for("database")
            # The last line has moved with the terminal's end.
            eventually(
                lambda: "quit" in terminal.screen().split("\n")[rows - 1]
                or columns < 40,
                terminal.screen,
            )

    def test_ctrl_c(self):
        terminal = self.open_terminal()
        services = terminal.services()
        terminal.press("h", "c", "c", "c")  # with calls that hang
        terminal.wait_for("hangs")
        terminal.press("C-c")
        self.assert_clean_end(terminal, services, 130)

    def test_ctrl_z(self):
        terminal = self.open_terminal(job_control=True)
        terminal.press("2")
        terminal.wait_for("▸ payments")
        terminal.press("C-z")
        terminal.wait_for("Stopped")
        self.assertNotIn("q quit", terminal.screen())
        terminal.press("fg", "Enter")
        terminal.wait_for("▸ payments")
        terminal.press("q")
        self.assertEqual(terminal.exit_code(), 0)

    def test_ctrl_c_during_the_phases(self):
        terminal = Terminal()
        self.addCleanup(terminal.close)
        terminal.wait_for("Phase 1")
        services = eventually(terminal.services)
        terminal.press("C-c")
        self.assert_clean_end(terminal, services, 130)

    def test_signals(self):
        numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
        terminals = [Terminal() for _ in numbers]
        for number, terminal in zip(numbers, terminals):
            self.addCleanup(terminal.close)
        for number, terminal in zip(numbers, terminals):
            with self.subTest(number):
                terminal.enter_live_view()
                services = terminal.services()
                terminal.signal(number)
                self.assert_clean_end(terminal, services, 128 + number)

    def test_a_crash_restores_the_terminal(self):
        terminal = self.open_terminal()
        services = terminal.services()
        terminal.signal(signal.SIGSEGV)
        self.assertNotEqual(terminal.exit_code(), 0)
        self.assertTrue(terminal.is_restored())
        for service in services:
            eventually(lambda pid=service: has_ended(pid))

    def test_neither_colours_nor_unicode(self):
        terminal = self.open_terminal(NO_COLOR="1", LC_ALL="C")
        terminal.wait_for(r"> database +o--o +closed")
        self.assertTrue(terminal.screen().isascii())
        self.assertNotRegex(terminal.screen(escapes=True), COLOUR)


if __name__ == "__main__":
    unittest.main()
