#!/usr/bin/env python3
"""What the API says of one breaker, whatever its name."""

import re
import unittest

from api import ACTIONS, BREAKERS, Case, path_of
from world import TOKEN, Stream, eventually, id_of


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
        self.stay_open("tool-0", "5s")
        self.host.say("calls 5 tool-0")
        self.host.say("failures 3 tool-0")
        down = self.breaker("tool-0")
        self.assertEqual(down["state"], "open")
        self.assertEqual(down["health"], "critical")
        self.assertGreater(down["retry_after_ms"], 0)
        self.assertLessEqual(down["retry_after_ms"], 5000)
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

    def test_the_query_has_those_that_browsers_take_out_of_paths(self):
        self.start("--breakers", 0)
        for name in (".", "..", "a/b"):
            self.host.say(f"calls 1 {id_of(name)}")
            query = "?tool=" + id_of(name)
            self.assertEqual(self.get(f"{BREAKERS}/{query}")["id"], id_of(name))
            self.get(f"{BREAKERS}//config{query}")
            self.get(f"{BREAKERS}//diagram{query}")
            done = self.do(f"{BREAKERS}//isolate{query}")
            self.assertEqual(done["tool"], name)
            changed = self.do(f"{BREAKERS}//config{query}", "PUT",
                              body={"failure_threshold": 7})
            self.assertEqual(changed["config"]["failure_threshold"], 7)
        for path in ("/", "/?tool=none", "//config", "///config?tool=.", "/?id=.",
                     "//config/?tool=.", "/a?tool=.", "/?tool="):
            self.refused(404, "not_found", "GET", BREAKERS + path)

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


if __name__ == "__main__":
    unittest.main()
