#!/usr/bin/env python3
"""Faults on purpose, by commands from a pipe."""

import re
import unittest

from plain_mode import Conversation, run

REPORT = re.compile(
    r"^(?P<tool>\w+): (?P<calls>\d+) calls, (?P<failed>\d+) failed, "
    r"(?P<rejected>\d+) rejected \((?P<rate>[\d.]+)%\), (?P<trips>\d+) trips?, "
    r"(?P<recoveries>\d+) recover(?:y|ies)(?: after (?P<time>.+))?$", re.M)


def reports(text):
    """By tool, numbers as numbers."""
    result = {}
    for match in REPORT.finditer(text):
        numbers = match.groupdict()
        tool = numbers.pop("tool")
        result[tool] = {
            key: value if key == "time" else float(value)
            for key, value in numbers.items()}
    return result


class ChaosMode(unittest.TestCase):
    def test_a_breaker_comes_through_it(self):
        answers, code, errors = run("chaos search errors 4\nstats\nquit\n")
        self.assertEqual((code, errors), (0, ""))
        lines = answers.splitlines()
        self.assertEqual(lines[0], "search: chaos: errors for 4 s")
        report = reports(answers)
        self.assertEqual(list(report), ["search", "all"])
        self.assertEqual(report["search"], report["all"])
        seen = report["search"]
        self.assertGreaterEqual(seen["trips"], 1)
        self.assertGreaterEqual(seen["failed"], 5)
        self.assertGreater(seen["rejected"], 0)
        self.assertAlmostEqual(
            seen["rate"],
            100 * seen["rejected"] / (seen["rejected"] + seen["calls"]), delta=0.1)
        # It is awaited, so there is a time; the open time is part of it.
        self.assertGreaterEqual(seen["recoveries"], 1)
        time, unit = seen["time"].split()
        self.assertEqual(unit, "ms")
        self.assertGreaterEqual(float(time), 4000)
        # The service has nothing to do with it, and the others neither.
        self.assertRegex(answers, r"search +healthy +closed ")
        for tool in ("database", "payments", "llm"):
            self.assertRegex(answers, tool + r" +healthy +closed +0 ")

    def test_all_at_once_and_slow_calls_trip_nothing(self):
        answers, code, _ = run("chaos all latency 1\nquit\n")
        self.assertEqual(code, 0)
        report = reports(answers)
        self.assertEqual(list(report),
                         ["database", "llm", "payments", "search", "all"])
        self.assertGreater(report["all"]["calls"], 0)
        self.assertEqual(
            report["all"]["calls"],
            sum(each["calls"] for tool, each in report.items() if tool != "all"))

    def test_what_makes_no_sense(self):
        talk = Conversation()
        self.assertEqual(talk.ask("chaos search"),
                         "? chaos TOOL how? latency, errors or hangs\n")
        self.assertEqual(talk.ask("chaos search hangs forever"),
                         "? for how many seconds? 1 to 600\n")
        self.assertEqual(talk.close(), 0)


if __name__ == "__main__":
    unittest.main()
