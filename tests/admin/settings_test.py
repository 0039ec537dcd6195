#!/usr/bin/env python3
"""Settings: shown, changed, refused."""

import unittest

from api import Case, path_of
from world import DESCRIPTION, TOKEN


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
        done = self.change({"failure_threshold": 7, "open_timeout": "90.5s",
                            "open_timeout_jitter": 0.25,
                            "count_timeout_as_failure": False})
        for change in ("failure_threshold 3 -> 7", "open_timeout 1000 ms -> 90500 ms",
                       "count_timeout_as_failure"):
            self.assertIn(change, done["changes"])
        after = self.breaker("tool-0")
        changed = {"failure_threshold": 7, "open_timeout": "90500ms",
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


if __name__ == "__main__":
    unittest.main()
