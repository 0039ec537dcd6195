#!/usr/bin/env python3
"""What programs that watch are told, and whether answers and routes are as
described."""

import json
import re
import unittest

from api import BREAKERS, Case, path_of
from world import DESCRIPTION, METHODS, ROOT, TOKEN, Stream


class Watching(Case):
    def test_health(self):
        self.start()
        got = self.ask("GET", "/health")
        self.assertEqual((got.status, got.json()), (200, {
            "status": "healthy",
            "circuit_breakers": {"total": 4, "closed": 4, "open": 0, "half_open": 0},
        }))
        self.stay_open("tool-2", "5s")
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
        found = re.findall(r'\{"([A-Z]+)", "(/[^"]*)"', source)
        self.assertGreater(len(found), 15)
        routes, anonymous = ({(m, re.sub(r"\{\w+\}", "{}", t)) for m, t in each}
                             for each in (found, described))
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
