#!/usr/bin/env python3
"""What operators can do, and what it takes to be one."""

import os
import tempfile
import unittest

from api import ACTIONS, Case, path_of
from world import DESCRIPTION, TOKEN, Stream, eventually


class Changes(Case):
    def setUp(self):
        self.start("--breakers", 3)

    def test_actions(self):
        for action, state, mode in (
            ("force_open", "open", "automatic"),
            ("reset", "closed", "automatic"),
            ("isolate", "open", "isolated"),
            ("force_closed", "closed", "forced_closed"),
            ("disable", "closed", "disabled"),
            ("metrics_only", "closed", "metrics_only"),
            ("auto", "closed", "automatic"),
        ):
            with self.subTest(action):
                done = self.do(path_of("tool-1", f"/{action}"))
                self.assertEqual((done["done"], done["tool"]), (action, "tool-1"))
                got = done["breaker"]
                self.assertEqual((got["state"], got["mode"]), (state, mode))
                again = self.breaker("tool-1")
                self.assertEqual((again["state"], again["mode"]), (state, mode))
        self.assertEqual(self.breaker("tool-0")["epoch"], 1)

    def test_reset_all(self):
        for i in range(3):
            self.do(path_of(f"tool-{i}", "/isolate"))
        self.assertEqual(self.ask("GET", "/health").status, 503)
        done = self.do("/api/reset_all", body={"reason": "all is well"})
        self.assertEqual(done, {"done": "reset_all", "circuit_breakers": 3})
        self.assertEqual(self.ask("GET", "/health").status, 200)

    def test_controls(self):
        self.refused(404, "not_found", "POST", "/api/controls/toggle", token=TOKEN)
        self.host.say("controls")
        listed = {each["id"]: each for each in self.get("/api/info")["controls"]}
        self.assertEqual(list(listed), ["toggle", "throws", "throws-a-number", "hang"])
        self.assertEqual(
            listed["toggle"],
            {"id": "toggle", "tool": "tool-0", "group": "Service", "label": "Switch",
             "description": "Switches something on, or off again.", "active": False},
        )
        self.assertEqual((listed["throws"]["tool"], listed["throws"]["active"]),
                         (None, None))
        self.refused(401, "unauthorized", "POST", "/api/controls/toggle")
        done = self.do("/api/controls/toggle", body={"reason": "try"})
        self.assertEqual(done, {"done": "It is on."})
        self.assertTrue(self.get("/api/info")["controls"][0]["active"])
        error = self.refused(500, "internal", "POST", "/api/controls/throws",
                             token=TOKEN)
        self.assertEqual(error["message"], "no <way>")
        self.refused(500, "internal", "POST", "/api/controls/throws-a-number",
                     token=TOKEN)
        log = self.host.log()
        self.assertRegex(log, r"operator, from 127.0.0.1:\d+: tool-0: toggle: It is on\. "
                              r"\(try\)")
        self.assertRegex(log, r"operator, from 127.0.0.1:\d+: throws: no <way>")
        self.assertRegex(log, r"operator, from 127.0.0.1:\d+: throws-a-number: ")
        self.host.say("remove_controls")
        self.assertEqual(self.get("/api/info")["controls"], [])
        self.refused(404, "not_found", "POST", "/api/controls/toggle", token=TOKEN)

    def test_a_control_that_hangs(self):
        self.start("--control-patience", 100)
        self.host.say("controls")
        hangs = self.ask("POST", "/api/controls/hang", token=TOKEN,
                         body={"reason": "try"})
        self.assertEqual(hangs.status, 202, hangs)
        self.assertTrue(hangs.json()["running"])
        error = self.refused(503, "unavailable", "POST", "/api/controls/toggle",
                             token=TOKEN)
        self.assertEqual(error["message"], "the control hang is still running")
        self.host.say("release")
        stream = Stream(self, self.host)
        told = [event[2] for event in stream.until(
            lambda event: event[1] == "admin" and event[2]["outcome"] == "done")
                if event[1] == "admin"]
        self.assertEqual(
            [(each["what"], each["text"], each["outcome"]) for each in told],
            [("toggle", "toggle: the control hang is still running", "refused"),
             ("hang", "hang: It has come back. (try)", "done")])
        eventually(lambda: self.ask("POST", "/api/controls/toggle",
                                    token=TOKEN).status == 200)

    def test_what_was_done_by_whom_and_why(self):
        stream = Stream(self, self.host)
        self.do(path_of("tool-0", "/isolate"), body={"reason": "Umbau: 50 % für \"x\""})
        self.do(path_of("tool-0", "/config"), "PUT", body={"failure_threshold": 4})
        error = self.refused(400, "invalid_config", "PUT",
                             path_of("tool-0", "/config"), token=TOKEN,
                             body={"failure_threshold": "\x1b[2J"})
        self.do("/api/reset_all")
        seen = [
            event for event in stream.until(
                lambda event: event[2].get("what") == "reset_all")
            if event[1] == "admin"
        ]
        for event in seen:
            DESCRIPTION.check_event(event)
        self.assertEqual(
            [(e["tool"], e["id"], e["who"], e["what"], e["outcome"], e["text"])
             for _, _, e in seen],
            [("tool-0", "tool-0", "operator", "isolate", "done",
              'isolate (Umbau: 50 % für "x")'),
             ("tool-0", "tool-0", "operator", "config", "done",
              "config: failure_threshold 3 -> 4"),
             ("tool-0", "tool-0", "operator", "config", "refused",
              "config: refused: " + error["message"]),
             (None, None, "operator", "reset_all", "done", "reset_all")],
        )
        log = self.host.log()
        for event, line in zip(seen, (
            'tool-0: isolate (Umbau: 50 % für "x")',
            "tool-0: config: failure_threshold 3 -> 4",
            "tool-0: config: refused: " + error["message"],
            "reset_all",
        )):
            self.assertIn(f"admin: operator, from {event[2]['from']}: {line}\n", log)

    def test_reasons(self):
        path = path_of("tool-0", "/reset")
        self.do(path, body={"reason": "x" * 200})
        self.do(path, body={"reason": ""})
        self.do(path, body={})
        self.do(path)  # no body at all
        lines = len(self.host.log().splitlines())
        for body, field in (
            ({"reason": "x" * 201}, "reason"), ({"reason": "ü" * 101}, "reason"),
            ({"reason": "a\nadmin: root: b"}, "reason"), ({"reason": "\0"}, "reason"),
            ({"reason": "\x1b[2J"}, "reason"), ({"reason": "\x7f"}, "reason"),
            ({"reason": "\x9b2J"}, "reason"), ({"reason": 1}, "reason"),
            ({"reason": None}, "reason"), ({"why": "x"}, "why"), ([], "body"),
            (b"x", "body"), ("text", "body"),
        ):
            with self.subTest(str(body)):
                for path in (path_of("tool-0", "/reset"), "/api/reset_all"):
                    error = self.refused(400, "invalid_config", "POST", path,
                                         token=TOKEN, body=body)
                    self.assertEqual(error["details"][0]["field"], field)
        self.assertEqual(len(self.host.log().splitlines()), lines)


class Tokens(Case):
    CHANGING = (
        ("GET", "/api/whoami"), ("POST", "/api/reset_all"), ("POST", "/api/controls/x"),
        ("PUT", path_of("tool-0", "/config")),
        *(("POST", path_of("tool-0", f"/{action}")) for action in ACTIONS),
    )

    def test_nothing_changes_without_one(self):
        self.start()
        before = self.get(path_of("tool-0", "/config")), self.breaker("tool-0")["epoch"]
        for method, path in self.CHANGING:
            for header in (
                None, "Authorization: Bearer wrong-token-wrong-token",
                f"Authorization: Bearer {TOKEN}x", f"Authorization: Bearer {TOKEN[:-1]}",
                f"Authorization: Bearer {TOKEN} ,", f"Authorization: Basic {TOKEN}",
                f"Authorization: {TOKEN}", "Authorization: Bearer ",
                "Authorization: Bearer", "Authorization;", f"X-Token: {TOKEN}",
                f"Authorization: Bearer {TOKEN.swapcase()}",
            ):
                with self.subTest(path, header=header):
                    options = ("-H", header) if header else ()
                    answer = self.ask(method, path, *options)
                    self.assertEqual(answer.status, 401, answer)
                    self.assertEqual(answer.headers["www-authenticate"], "Bearer")
                    self.assertNotIn(TOKEN, answer.text)
            self.assertEqual(
                self.ask(method, path + f"?token={TOKEN}&access_token={TOKEN}").status,
                401,
            )
        after = self.get(path_of("tool-0", "/config")), self.breaker("tool-0")["epoch"]
        self.assertEqual(after, before)
        self.assertNotIn(TOKEN, self.host.log())

    def test_nothing_changes_where_there_is_none(self):
        self.start(token=None)
        self.assertFalse(self.get("/api/info")["writable"])
        for method, path in self.CHANGING:
            error = self.refused(403, "read_only", method, path, token=TOKEN)
            self.assertIn("SWITCHGEAR_ADMIN_TOKEN", error["message"])
        self.assertIn("for reading only", self.host.log())

    def test_one_of_the_environment(self):
        secret = "from-the-environment-1"
        self.start(token=None, SWITCHGEAR_ADMIN_TOKEN=secret)
        self.assertTrue(self.get("/api/info")["writable"])
        self.assertEqual(self.get("/api/whoami", token=secret), {"who": "operator"})

    def test_the_environment_is_asked_last(self):
        secret = "from-the-environment-1"
        self.start(SWITCHGEAR_ADMIN_TOKEN=secret)
        self.refused(401, "unauthorized", "GET", "/api/whoami", token=secret)
        self.assertEqual(self.get("/api/whoami", token=TOKEN), {"who": "operator"})

    def test_a_file_of_them(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(
                "# who may\n\n  alice :  token-of-alice-0001\t\r\n"
                "bob: token-of-bob-000001\nbob: token-of-bob-000002\n"
                "token-of-nobody-0001\n#eve: token-of-eve-0000001\n"
            )
            file.flush()
            self.start("--token-file", file.name)
        for token, who in (
            ("token-of-alice-0001", "alice"), ("token-of-bob-000001", "bob"),
            ("token-of-bob-000002", "bob"), ("token-of-nobody-0001", "operator"),
            (TOKEN, "operator"),
        ):
            self.assertEqual(self.get("/api/whoami", token=token), {"who": who})
        self.refused(401, "unauthorized", "GET", "/api/whoami",
                     token="token-of-eve-0000001")
        self.do(path_of("tool-0", "/isolate"), token="token-of-alice-0001")
        self.assertRegex(self.host.log(), r"admin: alice, from \S+: tool-0: isolate\n")
        self.assertNotIn("token-of", self.host.log())

    def test_a_warning_if_others_can_read_the_file(self):
        for mode, warns in ((0o600, False), (0o640, True), (0o604, True)):
            with tempfile.NamedTemporaryFile("w") as file:
                os.chmod(file.name, mode)
                file.write("alice: token-of-alice-0001\n")
                file.flush()
                host = self.start("--token-file", file.name)
                self.assertEqual(
                    "others than its owner can read the tokens" in host.log(), warns
                )


if __name__ == "__main__":
    unittest.main()
