#!/usr/bin/env python3
"""Events as they happen: what comes, in which order, and what comes after a
pause."""

import socket
import subprocess
import time
import unittest

from world import (DESCRIPTION, PATIENCE, TOKEN, Answer, Host, Stream, eventually, id_of,
                   number_of, read_all)


class Events(unittest.TestCase):
    def start(self, *options):
        self.host = Host(self, *options)

    def follow(self, query="", last=None):
        stream = Stream(self, self.host, query, last)
        self.assertEqual(stream.answer.status, 200)
        self.assertEqual(stream.answer.headers["content-type"],
                         "text/event-stream; charset=utf-8")
        self.assertEqual(stream.answer.headers["cache-control"], "no-store")
        self.assertNotIn("content-length", stream.answer.headers)
        hello = stream.next()
        self.assertEqual(hello[:2], (None, "hello"))
        DESCRIPTION.check_event(hello)
        stream.hello = hello[2]
        return stream

    def mark(self, tool="tool-0"):
        """Makes an event that is the last one for now. Returns what tells it
        from others."""
        self.settle()
        self.marks = getattr(self, "marks", 0) + 1
        reason = f"mark {self.marks}"
        answer = self.host.curl("POST", f"/api/circuit_breakers/{id_of(tool)}/reset",
                                token=TOKEN, body={"reason": reason})
        self.assertEqual(answer.status, 200)
        return lambda event: reason in event[2].get("text", "")

    def check_order(self, events):
        for event in events:
            DESCRIPTION.check_event(event)
        numbers = [number_of(event) for event in events if event[0]]
        self.assertEqual(numbers, sorted(set(numbers)))
        return numbers

    def last_number(self):
        stream = self.follow()
        stream.close()
        return stream.hello["last"]

    def settle(self):
        """Waits until what has happened has been noted: breakers tell of it
        when they have time."""
        seen = []

        def settled():
            seen.append(self.last_number())
            return len(seen) >= 5 and len(set(seen[-5:])) == 1

        eventually(settled)


class WhatComes(Events):
    def test_changes_calls_and_what_operators_do(self):
        self.start("--breakers", 1)
        stream = self.follow()
        self.host.say("failures 3 tool-0")
        self.host.say("calls 2 tool-0")  # rejected
        events = stream.until(
            lambda event: event[2].get("transition.to") == "half_open")
        self.check_order(events)
        self.check_order(stream.until(self.mark()))
        said = [(kind, data.get("kind", data.get("what"))) for _, kind, data in events]
        # Whether they are told together depends on when the breaker looks.
        rejected = [data["count"] for _, _, data in events
                    if data.get("kind") == "call_rejected"]
        self.assertEqual(sum(rejected), 2)
        self.assertEqual(said, [
            ("change", "breaker_initialized"),
            *[("call", "call_failed")] * 3,
            ("change", "state_transition"),
            *[("call", "call_rejected")] * len(rejected),
            ("change", "state_transition"),
        ])
        opened = events[4][2]
        self.assertEqual(
            (opened["transition.from"], opened["transition.to"],
             opened["transition.reason"], opened["severity"], opened["alert.level"]),
            ("closed", "open", "consecutive_failures", "warn", "critical"),
        )
        self.assertEqual(opened["text"], "closed -> open: 3 failures in a row "
                         "(threshold 3), last: std::runtime_error: connection <refused>")
        # Of one breaker, in its own order.
        sequences = [data["sequence"] for _, _, data in events]
        self.assertEqual(sequences, sorted(set(sequences)))

    def test_all_kinds(self):
        self.start("--breakers", 2)
        stream = self.follow()
        for action in ("disable", "auto"):
            self.host.curl("POST", f"/api/circuit_breakers/tool-0/{action}", token=TOKEN)
        self.host.curl("PUT", "/api/circuit_breakers/tool-0/config", token=TOKEN,
                       body={"window_size": 4, "failure_threshold": 100,
                             "failure_rate_threshold": 1.0, "alert_failure_rate": 0.1})
        self.host.say("calls 3 tool-0")
        self.host.say("failures 1 tool-0")
        self.host.say("kill tool-0")
        self.host.say("unregister tool-1")
        wanted = {"breaker_initialized", "mode_changed", "config_changed", "call_failed",
                  "alert_changed", "breaker_restarted", "breaker_terminated"}
        seen = []
        while not wanted <= {event[2].get("kind") for event in seen}:
            seen.append(stream.next())
        self.check_order(seen)

    def test_newcomers_get_the_last_200(self):
        self.start("--breakers", 1)
        self.host.curl("POST", "/api/circuit_breakers/tool-0/disable", token=TOKEN)
        self.host.say("failures 300 tool-0")
        self.host.say("calls 10 fresh")
        self.settle()
        stream = self.follow()
        last = stream.hello["last"]
        self.assertGreater(last, 200)
        self.assertEqual(stream.hello["after"], last - 200)
        events = stream.until(lambda event: number_of(event) == last)
        self.assertEqual(self.check_order(events), list(range(last - 199, last + 1)))

    def test_newcomers_get_all_if_there_are_few(self):
        self.start("--breakers", 3)
        self.settle()
        stream = self.follow()
        self.assertEqual((stream.hello["after"], stream.hello["last"]), (0, 3))
        self.assertEqual({stream.next()[2]["tool"] for _ in range(3)},
                         {"tool-0", "tool-1", "tool-2"})

    def test_a_storm_of_calls_does_not_drive_out_changes(self):
        self.start("--breakers", 2, "--events", 100)
        self.host.curl("POST", "/api/circuit_breakers/tool-1/disable", token=TOKEN)
        self.host.say("failures 1000 tool-1")
        self.settle()
        stream = self.follow("?kinds=changes")
        self.assertEqual(stream.hello["after"], 0)
        events = stream.until(self.mark())
        self.check_order(events)
        self.assertNotIn("missed", [kind for _, kind, _ in events])
        # What operators do is noted on another way than what breakers tell.
        self.assertEqual(
            sorted(data.get("kind", data.get("what")) for _, _, data in events),
            ["breaker_initialized", "breaker_initialized", "disable", "mode_changed",
             "reset"])

    def test_of_one_breaker(self):
        self.start("--breakers", 0)
        for tool in ("a/b", "c"):
            self.host.say(f"failures 2 {id_of(tool)}")
        stream = self.follow(f"?tool={id_of('a/b')}")
        self.mark("c")
        events = []
        for _ in range(2):
            events += stream.until(lambda event: event[1] == "call")
        events += stream.until(self.mark("a/b"))
        self.assertEqual({data["tool"] for _, _, data in events}, {"a/b"})
        self.assertEqual(len(events), 4, events)

    def test_changes_only(self):
        self.start("--breakers", 1)
        stream = self.follow("?kinds=changes")
        everything = self.follow("?kinds=all")
        self.host.say("failures 3 tool-0")
        is_last = self.mark()
        kinds = [kind for _, kind, _ in stream.until(is_last)]
        self.assertEqual(set(kinds), {"change", "admin"})
        kinds = [kind for _, kind, _ in everything.until(is_last)]
        self.assertEqual(kinds.count("call"), 3)

    def test_what_makes_no_sense(self):
        self.start()
        for query, field in (("?kinds=calls", "kinds"), ("?kinds=", "kinds"),
                             ("?tol=x", "tol")):
            answer = self.host.curl("GET", "/api/events" + query)
            self.assertEqual(answer.status, 400)
            DESCRIPTION.check("GET", "/api/events", answer)
            self.assertEqual(answer.json()["error"]["details"][0]["field"], field)

    def test_curl_can_follow(self):
        """As people do: it prints what comes."""
        self.start("--breakers", 1)
        curl = subprocess.Popen(
            ["curl", "-qsN", "--noproxy", "*", self.host.url + "api/events"],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(curl.stdout.close)
        self.addCleanup(curl.wait)
        self.addCleanup(curl.kill)
        self.assertEqual(curl.stdout.readline(), "retry: 1000\n")
        self.assertEqual(curl.stdout.readline(), "event: hello\n")
        while "breaker_initialized" not in (line := curl.stdout.readline()):
            self.assertTrue(line)


class Resuming(Events):
    def test_nothing_is_lost_and_nothing_comes_twice(self):
        """Clients leave again and again, and the server dies now and then."""
        self.start("--breakers", 2)
        self.host.say("traffic 100")
        seen, last, streams = [], None, 0
        while streams < 12 or len(seen) < 60:
            streams += 1
            query = f"?last_event_id={last}" if last and streams % 2 else ""
            stream = self.follow(query, None if query else last)
            if last:
                self.assertEqual(stream.hello["after"], number_of((last,)))
            for i in range(5):
                if i == 2 and streams % 4 == 0:
                    self.host.say("kill")
                event = stream.next()
                if event is None:  # the server has died
                    break
                self.assertNotEqual(event[1], "missed")
                seen.append(event)
                last = event[0]
            stream.close()
        numbers = self.check_order(seen)
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))

    def test_what_fell_out_of_the_journal_is_counted(self):
        self.start("--breakers", 1, "--events", 100)
        self.host.curl("POST", "/api/circuit_breakers/tool-0/disable", token=TOKEN)
        stream = self.follow()
        is_first = self.mark()
        first = stream.until(is_first)[-1]
        stream.close()
        self.host.curl("POST", "/api/circuit_breakers/tool-0/disable", token=TOKEN)
        self.host.say("failures 1000 tool-0")
        self.settle()
        stream = self.follow(last=first[0])
        events = stream.until(self.mark())
        missed = [data["count"] for _, kind, data in events if kind == "missed"]
        numbers = self.check_order(events)
        # Each number is either there or counted.
        self.assertEqual(sum(missed), numbers[-1] - number_of(first) - len(numbers))
        self.assertGreater(sum(missed), 100)
        # As many as are kept, and those that were yet to be noted.
        self.assertGreaterEqual([kind for _, kind, _ in events].count("call"), 100)

    def test_changes_that_fell_out_are_told_of(self):
        self.start("--breakers", 1, "--events", 100)
        stream = self.follow("?kinds=changes")
        first = stream.next()
        stream.close()
        for _ in range(120):
            self.host.exchange(
                b"POST /api/circuit_breakers/tool-0/reset HTTP/1.1\r\nHost: localhost\r\n"
                b"Authorization: Bearer " + TOKEN.encode() + b"\r\n\r\n")
        stream = self.follow("?kinds=changes", last=first[0])
        events = stream.until(self.mark())
        self.assertEqual(events[0][1:], ("missed", {"count": None}))
        self.assertNotIn("missed", [kind for _, kind, _ in events[1:]])
        self.check_order(events)

    def test_numbers_of_another_run_mean_nothing(self):
        self.start("--breakers", 2)
        self.settle()
        instance = self.follow().hello["instance"]
        for last in ("aaaaaaaa-1", "aaaaaaaa-99", "1", "-", "x" * 1000,
                     f"{instance}-", f"{instance}-x", f"{instance}--1",
                     f"{instance}-99999999999999999999999"):
            with self.subTest(last[:40]):
                self.assertEqual(self.follow(last=last).hello["after"], 0)
        self.assertEqual(self.follow(last=f"{instance}-1").hello["after"], 1)

    def test_a_number_that_is_not_there_yet(self):
        self.start("--breakers", 1)
        instance = self.follow().hello["instance"]
        stream = self.follow(last=f"{instance}-18446744073709551615")
        events = stream.until(self.mark())
        self.assertNotIn("missed", [kind for _, kind, _ in events])
        self.assertEqual(len(events), 1)


class Limits(Events):
    def test_so_many_and_no_more(self):
        self.start("--streams", 3)
        streams = [self.follow() for _ in range(3)]
        answer = self.host.curl("GET", "/api/events")
        DESCRIPTION.check("GET", "/api/events", answer)
        self.assertEqual(answer.status, 503)
        self.assertEqual(answer.headers["retry-after"], "1")
        self.assertIn("3 streams", answer.json()["error"]["message"])
        self.assertEqual(self.host.curl("GET", "/api/info").json()["streams"], 3)
        streams[1].close()
        eventually(lambda: self.host.curl("GET", "/api/info").json()["streams"] == 2)
        self.follow()

    def test_a_client_that_does_not_read_is_left(self):
        """Others go on meanwhile."""
        self.start("--breakers", 2)
        self.host.curl("POST", "/api/circuit_breakers/tool-0/disable", token=TOKEN)
        reads = self.follow()
        silent = socket.socket()
        self.addCleanup(silent.close)
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        silent.settimeout(PATIENCE)
        silent.connect(self.host.address)
        silent.sendall(b"GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertIn(b"200 OK", silent.recv(16))
        begin = time.monotonic()

        def streams(failures=50):
            self.host.say(f"failures {failures} tool-0")
            events = reads.until(self.mark("tool-1"))
            self.check_order([e for e in events if e[0]])
            return Answer(self.host.send(b"GET /api/info HTTP/1.1\r\n\r\n")
                          ).json()["streams"]

        # More than the system keeps for it.
        for _ in range(6):
            streams(2000)
        eventually(lambda: streams() == 1)
        # Not at once: it may have had something else to do.
        self.assertGreater(time.monotonic() - begin, 5)
        self.assertIn(b"event: hello", read_all(silent))

    def test_who_talks_on_a_stream_is_not_heard(self):
        self.start("--breakers", 1)
        stream = self.follow()
        stream.client.sendall(b"POST /api/reset_all HTTP/1.1\r\n\r\n" * 100)
        events = stream.until(self.mark())
        self.assertEqual([kind for _, kind, _ in events].count("admin"), 1)


if __name__ == "__main__":
    unittest.main()
