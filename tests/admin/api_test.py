#!/usr/bin/env python3
"""The API, asked with curl. Each answer is held against the description."""

import json
import os
import re
import tempfile
import unittest
import urllib.parse

from world import (DESCRIPTION, METHODS, ROOT, TOKEN, Host, Stream, eventually,
                   id_of)

BREAKERS = "/api/circuit_breakers"
ACTIONS = ("reset", "force_open", "isolate", "force_closed", "disable",
           "metrics_only", "auto")


def path_of(name, rest=""):
    return f"{BREAKERS}/{id_of(name)}{rest}"


class Case(unittest.TestCase):
    def start(self, *options, **more):
        self.host = Host(self, *options, **more)
        return self.host

    def ask(self, method, path, *options, **more):
        answer = self.host.curl(method, path, *options, **more)
        DESCRIPTION.check(method, path, answer)
        return answer

    def get(self, path, *options, **more):
        answer = self.ask("GET", path, *options, **more)
        self.assertEqual(answer.status, 200, answer)
        return answer.json() if answer.type == "application/json" else answer

    def do(self, path, method="POST", token=TOKEN, **more):
        answer = self.ask(method, path, token=token, **more)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def refused(self, status, code, method, path, *options, **more):
        """@returns the error"""
        answer = self.ask(method, path, *options, **more)
        self.assertEqual(answer.status, status, answer)
        error = answer.json()["error"]
        self.assertEqual(error["code"], code)
        return error

    def breaker(self, name):
        return self.get(path_of(name))

    def wait_for_state(self, name, state):
        return eventually(
            lambda: (got := self.breaker(name))["state"] == state and got
        )

    def stay_open(self, name):
        """Long enough for a test that looks at an open breaker."""
        self.do(path_of(name, "/config"), "PUT", body={"open_timeout": "1h"})


class Lists(Case):
    def setUp(self):
        self.start("--breakers", 5)

    def tools(self, query=""):
        answer = self.ask("GET", BREAKERS + query)
        self.assertEqual(answer.status, 200, answer)
        result = [each["tool"] for each in answer.json()]
        self.assertEqual(answer.headers["x-total-count"], str(len(result)))
        self.assertNotIn("link", answer.headers)
        return result

    def test_all_in_the_order_of_their_names(self):
        self.assertEqual(self.tools(), [f"tool-{i}" for i in range(5)])
        self.host.say("calls 1 Tool-9")
        self.assertEqual(self.tools()[0], "Tool-9")
        self.assertEqual(self.tools("?order=desc")[-1], "Tool-9")
        self.assertEqual(self.tools("?sort=tool&order=asc")[0], "Tool-9")

    def test_filters(self):
        self.stay_open("tool-1")
        self.host.say("failures 3 tool-1")
        self.do(path_of("tool-2", "/disable"))
        self.do(path_of("tool-3", "/isolate"))
        self.host.say("calls 1 tool-4")
        self.host.say("failures 1 tool-4")
        for query, expected in (
            ("?state=open", "13"), ("?state=closed", "024"),
            ("?state=half_open", ""), ("?state=open,closed", "01234"),
            ("?state=", "01234"), ("?mode=disabled", "2"),
            ("?mode=isolated,disabled", "23"), ("?mode=automatic", "014"),
            ("?mode=forced_closed,metrics_only", ""),
            ("?health=critical", "13"), ("?health=excellent", "02"),
            ("?health=good,degraded", "4"),
            ("?q=TOOL-2", "2"), ("?q=l-", "01234"), ("?q=x", ""),
            ("?state=open&mode=automatic&health=critical&q=1", "1"),
            ("?state=open&mode=disabled", ""),
        ):
            with self.subTest(query):
                self.assertEqual(self.tools(query), [f"tool-{i}" for i in expected])

    def test_sorts(self):
        for i, trips in ((2, 1), (0, 2)):
            self.stay_open(f"tool-{i}")
            for _ in range(trips):
                self.do(path_of(f"tool-{i}", "/reset"))
                self.host.say(f"failures 3 tool-{i}")
        self.assertEqual(self.tools("?sort=trips&order=desc")[:2], ["tool-0", "tool-2"])
        self.assertEqual(self.tools("?sort=trips")[:3], ["tool-1", "tool-3", "tool-4"])
        self.assertEqual(
            self.tools("?sort=state&order=desc"),
            ["tool-0", "tool-2", "tool-1", "tool-3", "tool-4"],
        )
        self.assertEqual(self.tools("?sort=changed")[-2:], ["tool-2", "tool-0"])

    def test_sorts_by_what_goes_on(self):
        self.host.say("traffic 100")
        eventually(lambda: self.breaker("tool-0")["live"]["rejections"] > 0)
        for name, value in (
            ("rate", lambda each: each["live"]["calls"]),
            ("failures", lambda each: each["live"]["failures"]),
            ("rejections", lambda each: each["live"]["rejections"]),
            ("p95", lambda each: each["live"]["p95_ms"] or -1),
        ):
            for order in ("asc", "desc"):
                with self.subTest(name, order=order):
                    got = self.get(f"{BREAKERS}?sort={name}&order={order}")
                    values = [value(each) for each in got]
                    self.assertEqual(values, sorted(values, reverse=order == "desc"))
                    self.assertEqual(len(got), 5)

    def test_pages(self):
        """Link leads from page to page, there and back."""
        query = "?limit=2&sort=tool&order=desc&q=O%6fL%2D"
        path, seen, pages = BREAKERS + query, [], []
        while path:
            pages.append(path)
            answer = self.ask("GET", path)
            self.assertEqual(answer.headers["x-total-count"], "5")
            seen.append([each["tool"] for each in answer.json()])
            links = dict(
                (relation, target) for target, relation in re.findall(
                    r'<([^>]*)>; rel="(\w+)"', answer.headers["link"])
            )
            if len(pages) == 1:
                self.assertNotIn("prev", links)
            else:
                back = self.ask("GET", links["prev"]).json()
                self.assertEqual([each["tool"] for each in back], seen[-2])
            path = links.get("next")
        self.assertEqual(seen, [["tool-4", "tool-3"], ["tool-2", "tool-1"], ["tool-0"]])
        beyond = self.ask("GET", BREAKERS + "?offset=99")
        self.assertEqual(beyond.json(), [])
        self.assertEqual(beyond.headers["x-total-count"], "5")

    def test_a_page_of_odd_text(self):
        """What is searched for is in the links as it was sent."""
        for name in ("a&b=c >; ü%25", "a&b=c >; ü%25 too"):
            self.host.say(f"calls 1 {id_of(name)}")
        text = urllib.parse.quote("A&B=C >; ", safe="")
        first = self.ask("GET", f"{BREAKERS}?q={text}&limit=1")
        target = re.match("<([^>]*)>", first.headers["link"])[1]
        second = self.ask("GET", target)
        self.assertEqual(second.json()[0]["tool"], "a&b=c >; ü%25 too")

    def test_what_makes_no_sense(self):
        for query, field, allowed in (
            ("?state=broken", "state", "one of closed, open, half_open"),
            ("?state=open,broken", "state", "one of closed"),
            ("?mode=x", "mode", "one of automatic, isolated"),
            ("?health=OK", "health", "one of excellent, good"),
            ("?sort=name", "sort", "one of tool, state, trips, rate"),
            ("?order=up", "order", "asc or desc"),
            ("?limit=0", "limit", "1 to 10000"),
            ("?limit=10001", "limit", "1 to 10000"),
            ("?limit=1x", "limit", "1 to 10000"),
            ("?limit=", "limit", "1 to 10000"),
            ("?limit=99999999999999999999999", "limit", "1 to 10000"),
            ("?offset=-1", "offset", "0 to 1000000000"),
            ("?page=2", "page", "one of state, mode, health, q"),
        ):
            with self.subTest(query):
                error = self.refused(400, "bad_request", "GET", BREAKERS + query)
                (detail,) = error["details"]
                self.assertEqual(detail["field"], field)
                self.assertIn(allowed, detail["allowed"])
                self.assertIn(field, error["message"])
        error = self.refused(400, "bad_request", "GET", BREAKERS + "?limit=0&sort=x&y=z")
        self.assertEqual(
            {each["field"]: each["value"] for each in error["details"]},
            {"limit": "0", "sort": "x", "y": "z"},
        )


class OneBreaker(Case):
    def setUp(self):
        self.start()

    def test_a_whole_life(self):
        fresh = self.breaker("tool-0")
        self.assertEqual(
            (fresh["state"], fresh["health"], fresh["success_rate"],
             fresh["last_change"], fresh["last_failure_time"]),
            ("closed", "excellent", None, None, None),
        )
        self.host.say("calls 5 tool-0")
        self.host.say("failures 3 tool-0")
        down = self.breaker("tool-0")
        self.assertEqual(down["state"], "open")
        self.assertEqual(down["health"], "critical")
        self.assertGreater(down["retry_after_ms"], 0)
        self.assertLessEqual(down["retry_after_ms"], 1000)
        self.assertEqual(down["why"], "3 failures in a row (threshold 3), last: "
                                      "std::runtime_error: connection <refused>")
        self.host.say("calls 2 tool-0")  # rejected
        probing = self.wait_for_state("tool-0", "half_open")
        self.assertEqual(probing["health"], "degraded")
        self.assertEqual(probing["probes_allowed"], 3)
        self.host.say("calls 2 tool-0")
        up = self.wait_for_state("tool-0", "closed")

        expected = {
            "tool": "tool-0", "id": "tool-0", "mode": "automatic",
            "health": "good", "trips": 1, "recoveries": 1,
            "total_calls": 10, "total_successes": 7, "total_failures": 3,
            "total_rejected": 2, "total_timeouts": 0, "total_ignored": 0,
            "total_cancelled": 0, "total_late": 0,
            "success_rate": 0.7, "failure_rate": 0.3,
            "consecutive_failures": 0, "consecutive_successes": 0,
            "window": "", "window_calls": 0, "window_failure_rate": None,
            "calls_under_way": 0, "restarts": 0, "last_reason": "recovered",
            "last_failure": "std::runtime_error: connection <refused>",
            "retry_after_ms": 0,
            "outcomes": {"success": 7, "failure": 3, "timeout": 0, "ignored": 0,
                         "cancelled": 0, "late": 0},
        }
        self.assertEqual({name: up[name] for name in expected}, expected)
        self.assertEqual(
            [(each["from"], each["to"], each["reason"], each["text"])
             for each in up["transitions"]],
            [("closed", "open", "consecutive_failures", down["why"]),
             ("open", "half_open", "open_time_over", ""),
             ("half_open", "closed", "recovered", "")],
        )
        self.assertEqual(up["last_change"], up["transitions"][-1]["at"])
        self.assertEqual({each["count"] for each in up["transition_counts"]}, {1})
        self.assertEqual(sum(up["durations"]["counts"]), 10)
        self.assertEqual(
            [each["outcome"] for each in up["failures"]], ["failure"] * 3
        )
        sequences = [each["sequence"] for each in up["failures"]]
        self.assertEqual(sequences, sorted(sequences, reverse=True))
        self.assertEqual(up["failures"][0]["error_type"], "std::runtime_error")
        self.assertGreater(up["failures"][0]["duration_ms"], 0)
        times = [up["created"], up["last_failure_time"], up["last_change"]]
        self.assertEqual(times, sorted(times))

    def test_its_timeline_loses_no_call(self):
        self.host.say("calls 5 new")
        self.host.say("failures 3 new")
        self.host.say("calls 4 new")

        def sums():
            samples = self.breaker("new")["history"]["samples"]
            return [sum(each[i] for each in samples) for i in (1, 2, 3)]

        eventually(lambda: sum(sums()) >= 12)
        self.assertEqual(sums(), [5, 3, 4])

    def test_there_is_none(self):
        for rest in ("", "/config", "/diagram"):
            error = self.refused(404, "not_found", "GET", path_of("nobody", rest))
            self.assertIn("nobody", error["message"])
        for action in ACTIONS:
            self.refused(404, "not_found", "POST", path_of("nobody", f"/{action}"),
                         token=TOKEN)
        self.refused(404, "not_found", "PUT", path_of("nobody", "/config"),
                     token=TOKEN, body={})

    def test_one_that_goes(self):
        self.host.say("unregister tool-3")
        self.refused(404, "not_found", "GET", path_of("tool-3"))
        self.assertEqual(len(self.get(BREAKERS)), 3)

    def test_one_whose_actor_dies(self):
        self.host.say("failures 2 tool-1")
        self.host.say("kill tool-1")
        got = eventually(lambda: (b := self.breaker("tool-1"))["restarts"] == 1 and b)
        self.assertEqual((got["total_failures"], got["window"]), (2, "FF"))

    def test_diagram(self):
        self.stay_open("tool-1")
        self.host.say("failures 3 tool-1")
        for name, state in (("tool-0", "closed"), ("tool-1", "open")):
            answer = self.get(path_of(name, "/diagram"))
            self.assertEqual(answer.headers["content-type"],
                             "text/vnd.mermaid; charset=utf-8")
            self.assertTrue(answer.text.startswith("stateDiagram-v2\n"))
            self.assertEqual(re.findall(r"class (\w+) current", answer.text), [state])
            for each in ("closed", "open", "half_open"):
                self.assertIn(f"{each} -->", answer.text)


class Settings(Case):
    def setUp(self):
        self.start()

    def change(self, body, name="tool-0"):
        return self.do(path_of(name, "/config"), "PUT", body=body)

    def test_form(self):
        form = self.get(path_of("tool-0", "/config"))
        names = [each["name"] for each in form["fields"]]
        self.assertEqual(names, list(form["values"]))
        self.assertEqual(form["values"], self.breaker("tool-0")["config"])
        fields = {each["name"]: each for each in form["fields"]}
        threshold = fields["failure_threshold"]
        self.assertEqual(
            [threshold[each] for each in ("type", "default", "value", "allowed")],
            ["integer", 5, 3, "1 to 1000000"],
        )
        timeout = fields["open_timeout"]
        self.assertEqual((timeout["type"], timeout["default"], timeout["value"]),
                         ("duration", "1min", "1s"))
        self.assertEqual(fields["rejected_in_total"]["value"], False)
        for field in form["fields"]:
            self.assertTrue(field["allowed"], field)
            self.assertTrue(field["meaning"], field)
        # What it says of a setting, the description says too.
        described = DESCRIPTION.document["components"]["schemas"]["Config"]
        for name, field in fields.items():
            self.assertEqual(
                field["default"], described["properties"][name]["default"], name
            )

    def test_some_are_changed_and_nothing_else(self):
        self.host.say("calls 4 tool-0")
        self.host.say("failures 2 tool-0")
        before = self.breaker("tool-0")
        done = self.change({"failure_threshold": 7, "open_timeout": "1.5s",
                            "open_timeout_jitter": 0.25,
                            "count_timeout_as_failure": False})
        for change in ("failure_threshold 3 -> 7", "open_timeout 1000 ms -> 1500 ms",
                       "count_timeout_as_failure"):
            self.assertIn(change, done["changes"])
        after = self.breaker("tool-0")
        changed = {"failure_threshold": 7, "open_timeout": "1500ms",
                   "open_timeout_jitter": 0.25, "count_timeout_as_failure": False}
        self.assertEqual(after["config"], {**before["config"], **changed})
        self.assertEqual(done["config"], after["config"])
        self.assertEqual(before["window"], "SSSSFF")
        for kept in ("window", "total_calls", "total_failures", "state", "trips",
                     "consecutive_failures", "epoch", "failures", "created"):
            self.assertEqual(after[kept], before[kept], kept)
        # And they count.
        self.change({"failure_threshold": 3, "failure_rate_threshold": 1})
        self.host.say("failures 1 tool-0")
        self.assertEqual(self.breaker("tool-0")["state"], "open")

    def test_all_that_is_shown_can_be_put_back(self):
        values = self.get(path_of("tool-0", "/config"))["values"]
        self.assertEqual(self.change(values)["changes"], "")
        self.assertEqual(self.change({})["changes"], "")

    def test_only_what_is_allowed(self):
        before = self.get(path_of("tool-0", "/config"))
        for body, field, value, allowed in (
            ({"failure_threshold": 0}, "failure_threshold", "0", "1 to 1000000"),
            ({"failure_threshold": -1}, "failure_threshold", "-1", "a whole number"),
            ({"failure_threshold": 1.5}, "failure_threshold", "1.5", "a whole number"),
            ({"failure_threshold": 2**32}, "failure_threshold", "4294967296",
             "a whole number"),
            ({"failure_threshold": 2**64}, "failure_threshold", None, "a whole number"),
            ({"failure_threshold": "3"}, "failure_threshold", '"3"', "a whole number"),
            ({"failure_threshold": None}, "failure_threshold", "null",
             "a whole number"),
            ({"open_timeout": 30}, "open_timeout", "30", "a time with its unit"),
            ({"open_timeout": "30"}, "open_timeout", '"30"', "a time with its unit"),
            ({"open_timeout": "30 years"}, "open_timeout", '"30 years"',
             "a time with its unit"),
            ({"open_timeout": "31d"}, "open_timeout", None, "1 ms to 30 days"),
            ({"open_timeout": "-1s"}, "open_timeout", None, "1 ms to 30 days"),
            ({"open_timeout_jitter": "much"}, "open_timeout_jitter", '"much"',
             "a number"),
            ({"failure_rate_threshold": 1.5}, "failure_rate_threshold", "1.5",
             "above 0"),
            ({"rejected_in_total": 1}, "rejected_in_total", "1", "true or false"),
            ({"stuck_after": "1s"}, "stuck_after", None, "0 where max_stuck_calls"),
            ({"nonsense": [1]}, "nonsense", "[1]", "one of failure_threshold, "),
            ([], "body", None, "a JSON object"),
            (b"", "body", None, "a JSON object"),
            (b"{", "body", None, "a JSON object"),
            (b'{"failure_threshold": 1e999}', "body", None, "a JSON object"),
            (b'{"a":' * 5000 + b"1" + b"}" * 5000, "body", None, "a JSON object"),
            (b'{"open_timeout":"\xff"}', "body", None, "a JSON object"),
            (b"\xef\xbb\xbf\xff{}", "body", None, "a JSON object"),
        ):
            with self.subTest(str(body)[:60]):
                error = self.refused(400, "invalid_config", "PUT",
                                     path_of("tool-0", "/config"), token=TOKEN,
                                     body=body)
                (detail,) = error["details"]
                self.assertEqual(detail["field"], field)
                if value is not None:
                    self.assertEqual(detail["value"], value)
                self.assertIn(allowed, detail["allowed"])
        self.assertEqual(self.get(path_of("tool-0", "/config")), before)

    def test_all_that_is_wrong_is_told_and_nothing_is_changed(self):
        error = self.refused(
            400, "invalid_config", "PUT", path_of("tool-0", "/config"), token=TOKEN,
            body={"failure_threshold": "x", "window_size": 20, "open_timeout": 1,
                  "x": 2},
        )
        self.assertEqual([each["field"] for each in error["details"]],
                         ["failure_threshold", "open_timeout", "x"])
        self.assertEqual(self.breaker("tool-0")["config"]["window_size"], 10)


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
        self.assertEqual(list(listed), ["toggle", "throws", "throws-a-number"])
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

    def test_what_was_done_by_whom_and_why(self):
        stream = Stream(self, self.host)
        self.do(path_of("tool-0", "/isolate"), body={"reason": "Umbau: 50 % für \"x\""})
        self.do(path_of("tool-0", "/config"), "PUT", body={"failure_threshold": 4})
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
             (None, None, "operator", "reset_all", "done", "reset_all")],
        )
        log = self.host.log()
        for event, line in zip(seen, (
            'tool-0: isolate (Umbau: 50 % für "x")',
            "tool-0: config: failure_threshold 3 -> 4",
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


class Names(Case):
    NAMES = (
        "plain", "with space", "a/b", "/", "//", "..", ".", "...", "a/../b", "%", "%2F",
        "%%25", "ü", "数据库", "🔥", "\"quoted\"", "'", "`", "<script>alert(1)</script>",
        "a&b=c#d?e", "a+b", ";", "\\", "\n", "line\r\nX-Injected: yes", "\t", "\0",
        "nul\0nul", "\x1b[31mred", "\x7f", "config", "reset", "~a-b_c.d", "{}", "*",
        b"\xff", b"\xc3", b"ok\x80\xfe", b"\xed\xa0\x80", "x" * 255, "🔥" * 63,
        b"\xff" * 255, "\u202e", "\u0085", "con", "null", "undefined", "__proto__",
    )

    def test_any_bytes(self):
        self.start("--breakers", 0)
        for name in self.NAMES:
            self.host.say(f"calls 1 {id_of(name)}")
        listed = {each["id"]: each for each in self.get(BREAKERS)}
        self.assertEqual(set(listed), {id_of(name) for name in self.NAMES})
        tools = {each["tool"] for each in listed.values()}
        self.assertIn("a/b", tools)
        self.assertIn("\\xFF", {tool.upper().replace("X", "x") for tool in tools})
        for name in self.NAMES:
            with self.subTest(repr(name)[:40]):
                one = self.breaker(name)
                self.assertEqual((one["id"], one["total_calls"]), (id_of(name), 1))
                if isinstance(name, str):
                    self.assertEqual(one["tool"], name)
                self.get(path_of(name, "/config"))
                self.get(path_of(name, "/diagram"))
                done = self.do(path_of(name, "/isolate"), body={"reason": "why"})
                self.assertEqual(done["breaker"]["mode"], "isolated")
                self.assertEqual(done["tool"], one["tool"])
        self.assertEqual(self.get("/metrics").text.count('state="open"} 1\n'),
                         len(self.NAMES))
        # One line for each, whatever is in it.
        lines = [line for line in self.host.log().split("\n") if "isolate (why)" in line]
        self.assertEqual(len(lines), len(self.NAMES))
        for line in lines:
            self.assertRegex(line, r"admin: operator, from \S+: .*: isolate \(why\)$")
            self.assertFalse(re.search("[\x00-\x1f\x7f-\x9f]", line), ascii(line))

    def test_small_letters_and_needless_escapes_are_understood(self):
        self.start("--breakers", 0)
        self.host.say(f"calls 1 {id_of('a/ü')}")
        for spelling in ("a%2F%C3%BC", "a%2f%c3%bc", "%61%2F%c3%BC"):
            self.assertEqual(self.get(f"{BREAKERS}/{spelling}")["id"], "a%2F%C3%BC")
        for spelling in ("a/%C3%BC", "a%252F%25C3%25BC", "a%2F%C3%B", "a%2F%C3%BC%"):
            self.refused(404, "not_found", "GET", f"{BREAKERS}/{spelling}")

    def test_events_of_one(self):
        self.start("--breakers", 0)
        for name in (b"\xff/\n", "other"):
            self.host.say(f"failures 1 {id_of(name)}")
        stream = Stream(self, self.host, f"?tool={id_of(bytes([255]) + b'/' + bytes([10]))}")
        events = stream.until(lambda event: event[1] == "call")
        self.assertEqual({e[2]["id"] for e in events[1:]}, {"%FF%2F%0A"})


class Watching(Case):
    def test_health(self):
        self.start()
        got = self.ask("GET", "/health")
        self.assertEqual((got.status, got.json()), (200, {
            "status": "healthy",
            "circuit_breakers": {"total": 4, "closed": 4, "open": 0, "half_open": 0},
        }))
        self.host.say("failures 3 tool-2")
        got = self.ask("GET", "/health?verbose")
        self.assertEqual((got.status, got.json()), (503, {
            "status": "degraded",
            "circuit_breakers": {"total": 4, "closed": 3, "open": 1, "half_open": 0},
        }))
        self.wait_for_state("tool-2", "half_open")
        got = self.ask("GET", "/health")
        self.assertEqual((got.status, got.json()["circuit_breakers"]["half_open"]),
                         (503, 1))

    def test_health_of_nothing(self):
        self.start("--breakers", 0)
        self.assertEqual(self.ask("GET", "/health").status, 200)
        self.assertEqual(self.get(BREAKERS), [])

    def test_metrics(self):
        self.start()
        self.host.say("calls 3 tool-1")
        plain = self.get("/metrics")
        self.assertEqual(plain.headers["content-type"],
                         "text/plain; version=0.0.4; charset=utf-8")
        self.assertIn('circuit_breaker_successful_calls_total{name="tool-1"} 3\n',
                      plain.text)
        self.assertNotIn("# EOF", plain.text)
        modern = self.get("/metrics", "-H", "Accept: application/openmetrics-text")
        self.assertEqual(modern.type, "application/openmetrics-text")
        self.assertTrue(modern.text.endswith("# EOF\n"))
        small = self.host.curl("GET", "/metrics", "-H", "Accept-Encoding: gzip")
        self.assertEqual(small.headers["content-encoding"], "gzip")
        self.assertLess(len(small.body), len(plain.body) / 3)

    def test_big_answers_are_compressed_cheaply(self):
        """Brotli would take the server more than a thousand times as long as
        it takes somebody to ask for it."""
        self.start()
        for path in ("/metrics", "/assets/app.js"):
            plain = self.host.curl("GET", path)
            for accepted, used in (
                ("gzip", "gzip"), ("br, gzip", "gzip"), ("gzip, deflate, br", "gzip"),
                ("br", None), ("identity", None), ("", None),
            ):
                with self.subTest(path, accepted=accepted):
                    got = self.host.curl("GET", path, "-H",
                                         f"Accept-Encoding: {accepted}")
                    self.assertEqual(got.headers.get("content-encoding"), used)
                    if used:
                        self.assertLess(len(got.body), len(plain.body) / 2)

    def test_info(self):
        self.start("--title", "Ein \"Titel\" <b>")
        got = self.get("/api/info")
        self.assertEqual(got["title"], "Ein \"Titel\" <b>")
        self.assertEqual(got["version"], DESCRIPTION.document["info"]["version"])
        self.assertTrue(got["writable"])
        self.assertEqual((got["poll_ms"], got["history_ms"]), (1000, 180000))
        self.assertEqual((got["connections"], got["streams"]), (1, 0))
        self.assertTrue(any(s["name"].startswith("admin") for s in got["sinks"]))
        streams = [Stream(self, self.host) for _ in range(3)]
        self.assertEqual(self.get("/api/info")["streams"], len(streams))
        again = self.get("/api/info")
        self.assertEqual(again["instance"], got["instance"])
        self.assertGreater(again["uptime_ms"], got["uptime_ms"])
        other = self.start()
        self.assertNotEqual(self.get("/api/info")["instance"], got["instance"])
        self.assertIs(other, self.host)


class Protocol(Case):
    def setUp(self):
        self.start()

    def test_what_is_described_is_what_there_is(self):
        self.assertEqual(self.get("/api/openapi.json"), DESCRIPTION.document)
        described = {
            (method.upper(), template)
            for template, operations in DESCRIPTION.document["paths"].items()
            for method in operations
        }
        # The server has what is described, and nothing else at those paths.
        values = {"{id}": "tool-0", "{control}": "toggle", "{file}": "index.html"}
        self.host.say("controls")
        for _, template in sorted(described):
            path = template
            for name, value in values.items():
                path = path.replace(name, value)
            allowed = {m for m, t in described if t == template}
            if path == "/api/events":
                allowed.discard("GET")
                Stream(self, self.host)
            for method in METHODS:
                with self.subTest(path, method=method):
                    if (method, path) == ("GET", "/api/events"):
                        continue
                    body = {} if method in ("POST", "PUT") else None
                    answer = self.ask(method, path, token=TOKEN, body=body)
                    if method in allowed:
                        self.assertEqual(answer.status, 200, answer)
                    else:
                        self.assertEqual(answer.status, 405, answer)
                        self.assertIn("allow", answer.headers)
                        names = set(answer.headers["allow"].split(", ")) - {"HEAD"}
                        self.assertEqual(names, {m for m, t in described
                                                 if t == template})
        # And what the server has is described.
        source = (ROOT / "actors/admin/routes.cpp").read_text()
        routes = set(re.findall(r'\{"([A-Z]+)", "(/[^"]*)"', source))
        self.assertGreater(len(routes), 15)
        anonymous = {(m, re.sub(r"\{\w+\}", "{}", t)) for m, t in described}
        self.assertLessEqual(routes, anonymous)
        files = {"/", "/assets/{}", "/favicon.ico", "/api/openapi.json"}
        self.assertEqual({t for _, t in anonymous - routes}, files)

    def test_the_description_is_one(self):
        ids = set()
        for template, operations in DESCRIPTION.document["paths"].items():
            for operation in operations.values():
                self.assertNotIn(operation["operationId"], ids)
                ids.add(operation["operationId"])
                names = {
                    DESCRIPTION.resolve(each)["name"]
                    for each in operation.get("parameters", [])
                    if DESCRIPTION.resolve(each)["in"] == "path"
                }
                self.assertEqual(names, set(re.findall(r"\{(\w+)\}", template)))
                secured = operation.get("security") == [{"bearer": []}]
                self.assertEqual("401" in operation["responses"], secured, template)
        text = json.dumps(DESCRIPTION.document)
        for target in set(re.findall(r'"\$ref": "([^"]+)"', text)):
            self.assertTrue(DESCRIPTION.resolve({"$ref": target}), target)
        used = set(re.findall(r'#/components/schemas/(\w+)"', text))
        self.assertEqual(used, set(DESCRIPTION.document["components"]["schemas"]))

    def test_heads(self):
        for path in ("/health", "/metrics", "/api/info", BREAKERS, path_of("tool-0"),
                     path_of("tool-0", "/config"), path_of("tool-0", "/diagram"),
                     "/api/openapi.json", "/", "/assets/index.html"):
            with self.subTest(path):
                head = self.ask("HEAD", path)
                body = self.ask("GET", path)
                self.assertEqual(head.status, 200)
                self.assertEqual(head.body, b"")
                self.assertEqual(head.headers.pop("accept-ranges"), "none")
                # Times and numbers change meanwhile.
                self.assertEqual(set(head.headers), set(body.headers))
                self.assertEqual(head.headers["content-type"],
                                 body.headers["content-type"])
        self.assertEqual(self.ask("HEAD", "/api/events").status, 200)
        self.assertEqual(self.ask("HEAD", "/nothing").status, 404)
        self.assertEqual(self.ask("HEAD", "/api/reset_all").status, 405)

    def test_files_are_sent_once(self):
        for path in ("/", "/assets/index.html", "/assets/app.js", "/assets/app.css",
                     "/favicon.ico", "/api/openapi.json"):
            with self.subTest(path):
                first = self.ask("GET", path)
                self.assertEqual(first.status, 200)
                self.assertEqual(first.headers["cache-control"], "no-cache")
                tag = first.headers["etag"]
                self.assertRegex(tag, '^"[0-9a-f]{16}"$')
                again = self.ask("GET", path, "-H", f"If-None-Match: {tag}")
                self.assertEqual((again.status, again.body), (304, b""))
                self.assertEqual(again.headers["etag"], tag)
                other = self.ask("GET", path, "-H", 'If-None-Match: "0"')
                self.assertEqual(other.body, first.body)
        self.assertIn(b"<!doctype html>", self.ask("GET", "/").body)

    def test_all_answers_keep_strangers_out(self):
        for path in ("/", "/api/info", "/nothing", "/health", "/assets/app.js"):
            headers = self.ask("GET", path).headers
            policy = headers["content-security-policy"]
            for part in ("default-src 'none'", "script-src 'self'",
                         "frame-ancestors 'none'", "base-uri 'none'"):
                self.assertIn(part, policy)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(headers["x-content-type-options"], "nosniff")
            self.assertEqual(headers["cross-origin-resource-policy"], "same-origin")
            self.assertFalse([h for h in headers if h.startswith("access-control")])
            self.assertEqual(headers["connection"], "close")

    def test_what_nobody_has(self):
        for path in ("/nothing", "/api", "/api/", BREAKERS + "/", "/assets/",
                     "/assets/x", "/metrics/", "/health/x", "/API/info",
                     path_of("tool-0", "/"), path_of("tool-0", "/reset/"),
                     path_of("tool-0", "/config/x")):
            with self.subTest(path):
                self.refused(404, "not_found", "GET", path)

    def test_bodies_are_json_and_say_so(self):
        path = path_of("tool-0", "/isolate")
        for kind in ("text/plain", "application/x-www-form-urlencoded",
                     "multipart/form-data; boundary=x", "", "json"):
            with self.subTest(kind):
                for method, where in (("POST", path),
                                      ("PUT", path_of("tool-0", "/config"))):
                    self.refused(
                        415, "unsupported_media_type", method, where, "-H",
                        f"Content-Type: {kind}" if kind else "Content-Type:",
                        "--data-binary", "{}", token=TOKEN,
                    )
        self.assertEqual(self.breaker("tool-0")["mode"], "automatic")
        self.assertEqual(
            self.ask("POST", path, "-H", "Content-Type: application/json; charset=utf-8",
                     "--data-binary", "{}", token=TOKEN).status, 200)


if __name__ == "__main__":
    unittest.main()
