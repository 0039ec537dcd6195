#!/usr/bin/env python3
"""Which breakers there are, as the API lists them."""

import re
import unittest
import urllib.parse

from api import BREAKERS, Case, path_of
from world import eventually, id_of


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


if __name__ == "__main__":
    unittest.main()
