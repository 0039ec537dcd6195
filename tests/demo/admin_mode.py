#!/usr/bin/env python3
"""The demo by its page: what a browser would ask of it."""

import json
import re
import signal
import socket
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

from world import (DEMO, PATIENCE, Terminal, environment, eventually, exit_code)

TOKEN = "0123456789abcdef-of-a-test"


class Page:
    """An address with or without a token, as the demo prints it."""

    def __init__(self, address, token=""):
        self.address, _, fragment = address.partition("#token=")
        self.token = token or fragment

    def request(self, path, method="GET", body=None):
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return urllib.request.urlopen(
            urllib.request.Request(
                self.address + path, body, headers, method=method),
            timeout=PATIENCE,
        )

    def get(self, path):
        with self.request(path) as answer:
            return json.load(answer)

    def post(self, path):
        """Status and answer."""
        try:
            with self.request(path, "POST") as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def press(self, control):
        """What the server says that it has done."""
        status, answer = self.post(f"api/controls/{control}")
        if status != 200:
            raise AssertionError(f"{control}: {status} {answer}")
        return answer["done"]

    def active(self):
        """Controls that say so of themselves."""
        return {each["id"] for each in self.get("api/info")["controls"]
                if each["active"]}

    def tool(self, name):
        return self.get(f"api/circuit_breakers/{name}")


class Run:
    """The demo in line mode, with a page."""

    def __init__(self, test, *arguments, mode="--plain", **variables):
        self.process = subprocess.Popen(
            [DEMO, mode, *arguments], env=environment(**variables), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        test.addCleanup(self.close)
        # Before all else, so that nobody has to wait for it.
        first = self.process.stdout.readline()
        match = re.fullmatch(r"Dashboard: (http://\S+)\n", first)
        self.address = match and match[1]
        self.page = Page(self.address) if match else None

    def enter(self):
        """To the end of the phases.
        Returns what there was to read until then."""
        lines = []
        while not lines or "try help" not in lines[-1]:
            lines.append(self.process.stdout.readline())
            if not lines[-1]:
                raise AssertionError("the demo ended early: " + "".join(lines))
        return "".join(lines)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()


class ThePage(unittest.TestCase):
    def test_breaks_and_mends_a_tool(self):
        run = Run(self)
        self.assertRegex(
            run.address, r"^http://127\.0\.0\.1:\d+/#token=[0-9a-f]{32}$")
        # Once more where it scrolls away no further.
        self.assertIn(f"\nDashboard: {run.address}\n", run.enter())
        page = run.page
        info = page.get("api/info")
        self.assertEqual((info["title"], info["writable"]),
                         ("switchgear demo", True))
        self.assertEqual(len(info["controls"]), 4 * 9)
        self.assertEqual(page.active(),
                         {f"{name}.healthy"
                          for name in ("database", "payments", "search", "llm")})
        # No calls but those that are asked for.
        self.assertEqual(page.tool("database")["total_calls"], 0)

        self.assertEqual(page.press("database.kill"),
                         "service is killed, steady traffic")
        self.assertLessEqual({"database.kill", "database.traffic"}, page.active())
        self.assertNotIn("database.healthy", page.active())
        broken = eventually(
            lambda: (seen := page.tool("database"))["state"] == "open" and seen)
        self.assertEqual(
            broken["why"],
            "3 failures in a row (threshold 3), last: connection refused")
        self.assertEqual(page.tool("search")["total_calls"], 0)

        self.assertEqual(page.press("database.healthy"), "service is healthy")
        eventually(lambda: page.tool("database")["state"] == "closed")
        changes = page.tool("database")["transitions"]
        self.assertEqual(changes[0]["to"], "open")
        self.assertEqual([each["to"] for each in changes][-2:],
                         ["half_open", "closed"])
        self.assertEqual(page.press("database.traffic"), "no more traffic")
        self.assertNotIn("database.traffic", page.active())

        # Here it says who it was.
        self.assertEqual(run.ask("break search errors"),
                         "search: service answers HTTP 500\n")
        self.assertIn("search.errors", page.active())
        run.process.stdin.write("events\nquit\n")
        output, errors = run.process.communicate(timeout=PATIENCE)
        self.assertRegex(output, "database  page: service is killed\n")
        self.assertRegex(output, "database  page: service is healthy\n")
        self.assertRegex(output, "database  open: 3 failures in a row")
        self.assertRegex(output, "search  you: service answers HTTP 500\n")
        self.assertEqual((run.process.returncode, errors), (0, ""))
        # The page is no export.
        self.assertIn("went to the log, which is quiet here", output)
        self.assertNotIn("admin.", output)

    def test_faults_for_a_time(self):
        run = Run(self)
        run.enter()
        page = run.page
        self.assertEqual(page.press("search.chaos_errors"),
                         "chaos: errors for 10 s, steady traffic")
        self.assertIn("search.chaos_errors", page.active())
        eventually(lambda: page.tool("search")["trips"] > 0)
        # The service has nothing to do with it.
        self.assertIn("search.healthy", page.active())
        self.assertIn("chaos: search fails", page.tool("search")["why"])
        # They end by themselves, or sooner.
        eventually(lambda: "search.chaos_errors" not in page.active())
        eventually(lambda: page.tool("search")["state"] == "closed")
        page.press("search.chaos_hangs")
        self.assertEqual(page.press("search.chaos_hangs"), "no more chaos: hangs")
        self.assertNotIn("search.chaos_hangs", page.active())

    def test_every_way_to_break_a_service(self):
        run = Run(self)
        run.enter()
        ways = ("errors", "hang", "pause", "kill")
        tools = ("database", "payments", "search", "llm")
        for tool, way in zip(tools, ways):
            run.page.press(f"{tool}.{way}")
            self.assertIn(f"{tool}.{way}", run.page.active())
        for tool in tools:
            eventually(lambda: run.page.tool(tool)["state"] == "open")
        for tool in tools:
            run.page.press(f"{tool}.healthy")
        for tool in tools:
            eventually(lambda: run.page.tool(tool)["state"] == "closed")

    def test_needs_its_token(self):
        run = Run(self)
        run.enter()
        for token in ("", "0" * 32):
            stranger = Page(run.page.address, token)
            status, answer = stranger.post("api/controls/database.kill")
            self.assertEqual((status, answer["error"]["code"]),
                             (401, "unauthorized"))
        self.assertIn("database.healthy", run.page.active())

    def test_several_demos_at_once(self):
        runs = [Run(self) for _ in range(3)]
        self.assertEqual(len({run.page.address for run in runs}), 3)
        self.assertEqual(len({run.page.token for run in runs}), 3)
        for run in runs:
            run.page.get("api/info")

    def test_a_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = subprocess.run(
                [DEMO, "--plain", "--admin", str(port)], env=environment(),
                stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=PATIENCE)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(
            done.stderr,
            f"demo: admin: port = {port}: must be free on 127.0.0.1, or 0 "
            "(Address already in use)\n")

    def test_a_place_of_ones_own(self):
        run = Run(self, "--admin", "127.0.0.2:0")
        self.assertRegex(run.address, r"^http://127\.0\.0\.2:\d+/#token=")
        run.page.get("api/info")
        run = Run(self, "--admin=0", mode="--script")
        self.assertEqual(run.page.get("api/info")["controls"], [])
        output, _ = run.process.communicate(timeout=PATIENCE)
        self.assertIn("Demo Complete", output)
        self.assertEqual(run.process.returncode, 0)

    def test_is_not_there_if_not_wanted(self):
        for arguments in (["--plain", "--no-admin"], ["--script"]):
            done = subprocess.run(
                [DEMO, *arguments], env=environment(),
                stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=PATIENCE)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertNotIn("Dashboard", done.stdout)

    def test_tokens_of_ones_own(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(f"# of tests\nalice: {TOKEN}\n")
            file.flush()
            for arguments, variables in (
                (["--admin-token-file", file.name], {}),
                ([], {"SWITCHGEAR_ADMIN_TOKEN": TOKEN}),
                (["--admin=0.0.0.0:0"], {"SWITCHGEAR_ADMIN_TOKEN": TOKEN}),
            ):
                with self.subTest(arguments):
                    run = Run(self, *arguments, **variables)
                    # Who gave it knows it; nobody else shall.
                    self.assertNotIn("#", run.address)
                    status, _ = run.page.post("api/reset_all")
                    self.assertEqual(status, 401)
                    status, _ = Page(run.address, TOKEN).post("api/reset_all")
                    self.assertEqual(status, 200)

    def test_what_cannot_be(self):
        for arguments, complaint in (
            (["--admin", "0.0.0.0:0"],
             r'admin: address = "0\.0\.0\.0": must be a loopback address, for '
             "there is no token.*"),
            (["--admin-token-file", "/nowhere"],
             r'admin: token_file = "/nowhere": must be a file that can be read.*'),
            (["--admin", "localhost:0"],
             'admin: address = "localhost": must be .* in numbers'),
        ):
            with self.subTest(arguments):
                done = subprocess.run(
                    [DEMO, "--plain", *arguments], env=environment(),
                    stdin=subprocess.DEVNULL, capture_output=True, text=True,
                    timeout=PATIENCE)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertRegex(done.stderr, rf"^demo: {complaint}\n$")


class TheEnd(unittest.TestCase):
    def test_does_not_wait_for_those_who_look(self):
        for how, code in (
            (lambda run: run.process.stdin.close(), 0),
            (lambda run: run.process.send_signal(signal.SIGINT), 130),
            (lambda run: run.process.send_signal(signal.SIGTERM), 143),
        ):
            with self.subTest(code):
                run = Run(self)
                run.enter()
                run.page.press("llm.hang")
                with run.page.request("api/events") as events:
                    self.assertIn(b"\n", events.readline())
                    how(run)
                    self.assertEqual(exit_code(run.process), code)
                    # It is told; a server that is gone tells nothing.
                    try:
                        events.read()
                    except OSError:
                        pass

    def test_during_the_phases(self):
        run = Run(self)
        with run.page.request("api/events") as events:
            events.readline()
            run.process.send_signal(signal.SIGINT)
            self.assertEqual(exit_code(run.process), 130)

    def test_in_the_live_view(self):
        terminal = Terminal()
        self.addCleanup(terminal.close)
        terminal.enter_live_view()
        address = terminal.wait_for(r" dashboard (http://\S+#token=[0-9a-f]{32})\s")[1]
        page = Page(address)
        self.assertEqual(page.press("payments.kill"),
                         "service is killed, steady traffic")
        terminal.wait_for(r"payments +page: service is killed")
        terminal.wait_for(r"killed +⇄ .*✗✗✗")
        terminal.wait_for(r"payments +open: 3 failures in a row")
        terminal.press("2", "f")
        terminal.wait_for(r"payments +you: service is healthy")
        self.assertIn("payments.healthy", page.active())
        terminal.press("?")
        terminal.wait_for(re.escape(f"Dashboard: {address}"))
        terminal.press("?")
        terminal.resize(50, 24)
        terminal.wait_for(r" dashboard http://127.0.0.1:\d+/ *\n")
        terminal.resize(80, 24)
        with page.request("api/events") as events:
            events.readline()
            terminal.press("C-c")
            self.assertEqual(terminal.exit_code(), 130)
        self.assertTrue(terminal.is_restored())
        self.assertIn(f"Dashboard: {address}", terminal.screen())


if __name__ == "__main__":
    unittest.main()
