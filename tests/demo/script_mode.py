#!/usr/bin/env python3
"""demo --script: five phases, checked; and the options."""

import os
import re
import signal
import socket
import subprocess
import unittest

from world import DEMO, PATIENCE, children_of, environment, eventually, exit_code, has_ended

# Times and ports vary: N stands for any number.
EXPECTED = """\
=== switchgear demo ===

Starting circuit breaker for tool: test_tool
Configuration: failure_threshold 3, success_threshold 2, open_timeout 2 s
Service: http://127.0.0.1:N (process N)

--- Phase 1: Normal Operation (CLOSED) ---
  Call 1: ok 10  (N)
  Call 2: ok 20  (N)
  Call 3: ok 30  (N)
  Call 4: ok 40  (N)
  Call 5: ok 50  (N)
  [the service now answers HTTP 500]
  Call 6: error HTTP 500  (N)
  [the service is well again]
  Call 7: ok 70  (N)
  Call 8: ok 80  (N)
  Call 9: ok 90  (N)
  Call 10: ok 100  (N)
  Call 11: ok 110  (N)
  One failure among successes: still CLOSED.

--- Phase 2: Failures Causing Trip (CLOSED -> OPEN) ---
  [the service answers HTTP 500]
  Call 1: error HTTP 500  (N)
  [the service takes calls and hangs]
  Call 2: error no answer within 1000 ms  (N)
  [the service is killed]
  Call 3: error connection refused  (N)
  Circuit tripped to OPEN!
  Why: 3 failures in a row (threshold 3), last: connection refused

--- Phase 3: Rejected Calls (OPEN) ---
  Call 1: error circuit_open  (N, retry in N)
  Call 2: error circuit_open  (N, retry in N)
  Call 3: error circuit_open  (N, retry in N)

--- Phase 4: Waiting for Recovery Window ---
  [the service is started again on the same port]
  Waited N.
  Transitioning to HALF_OPEN...

--- Phase 5: Gradual Recovery (HALF_OPEN -> CLOSED) ---
  Call 1: ok 100  (N)
  Call 2: ok 110  (N)
  Circuit CLOSED!
  Call 3: ok 120  (N)

--- Final Statistics ---
  Total calls: 20
  Successes: 13 (65.0%)
  Failures: 4 (20.0%)
  Rejected: 3 (15.0%)
  Trips: 1
  Avg recovery: N ms

=== Demo Complete ===
Telemetry: 4 events went to the log, which is quiet here; \
--otlp URL or the OTEL_* variables export them
"""


def mask(output):
    output = re.sub(r"\d+(\.\d+)? (ns|us|ms|s)(?=[,.)])", "N", output)
    output = re.sub(r"127\.0\.0\.1:\d+ \(process \d+\)", "127.0.0.1:N (process N)", output)
    return re.sub(r"Avg recovery: \d+ ms", "Avg recovery: N ms", output)


def start(*arguments, **variables):
    return subprocess.Popen(
        [DEMO, *arguments], env=environment(**variables), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )


class ScriptMode(unittest.TestCase):
    def test_all_phases(self):
        process = start("--script")
        output, errors = process.communicate(timeout=PATIENCE)
        self.assertEqual(errors, "")
        self.assertEqual(mask(output), EXPECTED)
        self.assertEqual(process.returncode, 0)
        recovery = int(re.search(r"Avg recovery: (\d+) ms", output)[1])
        self.assertGreaterEqual(recovery, 2000)

    def test_says_what_differs(self):
        # With its service killed from outside the demo cannot go as it should.
        process = start("--script")
        process.stdout.readline()
        os.kill(process.pid, signal.SIGSTOP)
        try:
            service = eventually(lambda: children_of(process.pid))[0]
            os.kill(service, signal.SIGKILL)
        finally:
            os.kill(process.pid, signal.SIGCONT)
        output, errors = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 1, output)
        self.assertRegex(
            errors,
            r"^demo: not as it should be: Phase [12], call \d+: "
            r"expected (ok \d+|error .+), got error connection (refused|lost)$|"
            r"^demo: demo_service ended when told",
        )
        self.assertNotIn("Demo Complete", output)

    def test_leaves_no_service(self):
        process = start("--script")
        process.stdout.readline()
        service = eventually(lambda: children_of(process.pid))[0]
        process.communicate(timeout=PATIENCE)
        self.assertTrue(has_ended(service))

    def test_ends_when_interrupted(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                process = start("--script")
                process.stdout.readline()
                service = eventually(lambda: children_of(process.pid))[0]
                process.send_signal(number)
                output, errors = process.communicate(timeout=PATIENCE)
                self.assertEqual(exit_code(process), 128 + number)
                self.assertNotIn("Demo Complete", output)
                self.assertEqual(errors, "")
                self.assertTrue(has_ended(service))


class Options(unittest.TestCase):
    def run_demo(self, *arguments):
        process = start(*arguments)
        output, errors = process.communicate(timeout=PATIENCE)
        return process.returncode, output, errors

    def test_help(self):
        code, output, errors = self.run_demo("--help")
        self.assertEqual((code, errors), (0, ""))
        for word in ("usage: demo/run", "--script", "--plain", "--otlp", "--metrics",
                     "--admin", "--no-admin", "--admin-token-file",
                     "SWITCHGEAR_ADMIN_TOKEN", "127.0.0.1:9464",
                     "NO_COLOR", "OTEL_"):
            self.assertIn(word, output)

    def test_values_that_make_no_sense(self):
        place = ("must be PORT or ADDRESS:PORT, an IPv6 address in brackets, "
                 "the port 0 to 65535")
        url = "must be a URL that begins with http:// or https://"
        for arguments, complaint in (
            (["--otlp"], "--otlp needs a URL, e.g. http://localhost:4318"),
            (["--otlp", "collector"], f"--otlp 'collector': {url}"),
            (["--otlp="], f"--otlp '': {url}"),
            (["--metrics"], "--metrics needs a PORT or ADDRESS:PORT, e.g. 9464; "
                            "0 is a free one"),
            (["--metrics", "65536"], f"--metrics '65536': {place}"),
            (["--metrics", "::1"], f"--metrics '::1': {place}"),
            (["--metrics=localhost:0"], "--metrics 'localhost:0': "
             'metrics_endpoint: address = "localhost": must be an IPv4 or IPv6 '
             "address of this machine, in numbers"),
        ):
            with self.subTest(arguments):
                code, output, errors = self.run_demo(*arguments)
                self.assertEqual((code, output), (2, ""))
                self.assertEqual(errors, f"demo: {complaint}\n")

    def test_a_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            code, output, errors = self.run_demo("--metrics", f"127.0.0.1:{port}")
        self.assertEqual((code, output), (2, ""))
        self.assertEqual(
            errors,
            f"demo: --metrics '127.0.0.1:{port}': metrics_endpoint: port = {port}: "
            "must be free on 127.0.0.1, or 0 (Address already in use)\n",
        )

    def test_variables_that_make_no_sense(self):
        process = start("--script", OTEL_EXPORTER_OTLP_PROTOCOL="pigeon",
                        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT="collector")
        output, errors = process.communicate(timeout=PATIENCE)
        self.assertEqual((process.returncode, output), (2, ""))
        self.assertEqual(
            errors,
            "demo: ignored: OTEL_EXPORTER_OTLP_PROTOCOL = pigeon: must be one of "
            "http/protobuf, http/json, grpc\n"
            "demo: the variables OTEL_*: logs.endpoint = collector: must be a URL "
            "that begins with http:// or https://\n",
        )

    def test_unknown(self):
        for argument in ("--scrip", "-x", "script", ""):
            code, output, errors = self.run_demo(argument)
            self.assertEqual((code, output), (2, ""))
            self.assertEqual(errors, f"demo: unknown option '{argument}'; see --help\n")


if __name__ == "__main__":
    unittest.main()
