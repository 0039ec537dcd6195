#!/usr/bin/env python3
"""Line mode: commands from a pipe."""

import re
import signal
import subprocess
import unittest

from world import (DEMO, PATIENCE, Terminal, children_of, environment, eventually,
                   exit_code, has_ended)


def run(commands, *arguments):
    """What follows the phases, the exit code, and what went to stderr."""
    done = subprocess.run(
        [DEMO, *arguments], env=environment(), input=commands,
        capture_output=True, text=True, timeout=PATIENCE,
    )
    _, _, answers = done.stdout.partition("try help.\n")
    return answers, done.returncode, done.stderr


class Conversation:
    """The demo in line mode, asked line by line."""

    def __init__(self):
        self.process = subprocess.Popen(
            [DEMO, "--plain"], env=environment(), text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        while "try help" not in (line := self.process.stdout.readline()):
            if not line:
                raise AssertionError("the demo ended early")

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        return self.process.stdout.readline()

    def state_of(self, tool):
        """From the table of `stats`, which ends where the events begin."""
        self.process.stdin.write("stats\nnonsense\n")
        state = None
        while not (line := self.process.stdout.readline()).startswith("?"):
            if line.startswith(tool):
                state = line.split()
        return state

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return exit_code(self.process)


class PlainMode(unittest.TestCase):
    def test_a_tool_breaks_and_the_others_do_not(self):
        answers, code, errors = run(
            "call database\n"
            "break database kill\n"
            "call database\ncall database\ncall database\ncall database\n"
            "call search\n"
            "stats\nevents\nquit\n"
            "call search\n"  # nobody listens any more
        )
        self.assertEqual((code, errors), (0, ""))
        lines = answers.splitlines()
        self.assertRegex(lines[0], r"^database: ok 10 \(.*\)$")
        self.assertEqual(lines[1], "database: service is killed")
        for line in lines[2:5]:
            self.assertRegex(line, r"^database: failed: connection refused")
        self.assertRegex(lines[5], r"^database: rejected: circuit_open, next probe in")
        self.assertRegex(lines[6], r"^search: ok 10")
        self.assertRegex(answers, r"database +killed +open +5 +1 +3 +1 +1 +0\n")
        self.assertRegex(answers, r"search +healthy +closed +1 +1 +0 +0 +0 +0\n")
        self.assertRegex(answers, r"database  open: 3 failures in a row")
        self.assertEqual(len(re.findall("search: ok", answers)), 1)

    def test_recovery(self):
        talk = Conversation()
        for _ in range(2):
            talk.ask("break search hang")
        for _ in range(5):
            self.assertIn("no answer within 300 ms", talk.ask("call search"))
        self.assertEqual(talk.state_of("search")[2], "open")
        self.assertEqual(talk.ask("heal search"), "search: service is healthy\n")
        eventually(lambda: talk.state_of("search")[2] == "half_open")
        for _ in range(2):
            self.assertRegex(talk.ask("call search"), r"^search: ok")
        self.assertEqual(talk.state_of("search")[2], "closed")
        self.assertEqual(talk.close(), 0)

    def test_operators_commands(self):
        talk = Conversation()
        self.assertIn("held open", talk.ask("isolate llm"))
        self.assertIn("rejected: circuit_open", talk.ask("call llm"))
        self.assertIn("reset", talk.ask("reset llm"))
        self.assertIn("ok 20", talk.ask("call llm"))
        self.assertIn("forced open", talk.ask("open llm"))
        self.assertEqual(talk.state_of("llm")[2], "open")
        self.assertIn("actor is killed", talk.ask("crash llm"))
        eventually(lambda: talk.state_of("llm")[8] == "1")
        self.assertEqual(talk.state_of("llm")[2], "open")
        self.assertEqual(talk.close(), 0)

    def test_what_makes_no_sense(self):
        answers, code, _ = run("dance\ncall disk\nbreak llm\n\n  \nquit now\nhelp")
        self.assertEqual(code, 0)
        lines = answers.splitlines()
        self.assertEqual(lines[0], "? unknown command 'dance'; try help")
        self.assertEqual(
            lines[1], "? no tool 'disk'; there are database, payments, search, llm"
        )
        self.assertEqual(lines[2], "? break TOOL how? errors, hang, pause or kill")
        self.assertEqual(lines[3], "? quit stands alone; try help")
        self.assertIn("break TOOL pause", answers)

    def test_no_input_at_all(self):
        done = subprocess.run(
            [DEMO], env=environment(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=PATIENCE,
        )
        self.assertEqual(done.returncode, 0)
        self.assertIn("=== Demo Complete ===", done.stdout)
        self.assertNotIn("\x1b", done.stdout)

    def test_ends_when_asked_to_while_it_waits_for_a_line(self):
        talk = Conversation()
        services = eventually(lambda: children_of(talk.process.pid))
        self.assertEqual(len(services), 4)
        talk.process.send_signal(signal.SIGTERM)
        self.assertEqual(exit_code(talk.process), 128 + signal.SIGTERM)
        for service in services:
            self.assertTrue(has_ended(service))
        talk.close()

    def test_a_terminal_without_abilities(self):
        for arguments, variables in (("--plain", {}), ("", {"TERM": "dumb"})):
            with self.subTest(arguments):
                terminal = Terminal(arguments, **variables)
                self.addCleanup(terminal.close)
                terminal.wait_for("try help")
                terminal.press("stats", "Enter")
                terminal.wait_for(r"database +healthy +closed")
                terminal.press("C-d")
                self.assertEqual(terminal.exit_code(), 0)


if __name__ == "__main__":
    unittest.main()
