#!/usr/bin/env python3
"""Requests that are none, or mean something else than they seem to."""

import random
import socket
import unittest

from hostile import GET, PUT, RESET, Hostile
from world import DESCRIPTION, TOKEN, Answer, Host, read_all


class Requests(Hostile):
    def test_too_large(self):
        for size in (4097, 10_000, 1_000_000):
            self.refused(b"GET /" + b"x" * size + b" HTTP/1.1\r\n\r\n", 414,
                         "uri_too_long")
            self.refused(b"GET /" + b"x" * size, 414, "uri_too_long")
        for size in (16 * 1024, 100_000, 1_000_000):
            self.refused(GET + b"X: " + b"x" * size + b"\r\n\r\n", 431,
                         "header_too_large")
            self.refused(GET + b"X: 1\r\n" * (size // 6) + b"\r\n", 431,
                         "header_too_large")
        self.refused(GET + b"X: " + b"x" * 9000 + b"\r\n\r\n", 431, "header_too_large")
        self.refused(GET + b"X: 1\r\n" * 64 + b"\r\n", 431, "header_too_large")
        for size in (64 * 1024 + 1, 10**9, 2**63, 2**64, 10**40):
            self.refused(PUT + b"Content-Length: %d\r\n\r\n" % size, 413,
                         "payload_too_large")
        self.refused(PUT + b"Content-Length: 1000000\r\n\r\n" + b"x" * 1_000_000, 413,
                     "payload_too_large")
        # As much as is allowed.
        self.assertEqual(self.get(b"/health?" + b"x" * 4000).status, 200)
        body = b'{"x":"' + b"x" * (64 * 1024 - 8) + b'"}'
        self.refused(PUT + b"Content-Length: %d\r\n\r\n" % len(body) + body, 400,
                     "invalid_config")

    def test_no_http(self):
        for data in (
            b"\r\n\r\n", b"GET\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP\r\n\r\n",
            b"GET / HTTP/1.1 x\r\n\r\n", b"GET  / HTTP/1.1\r\n\r\n",
            b"/ HTTP/1.1\r\n\r\n", b" GET / HTTP/1.1\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n", b"GET / http/1.1\r\n\r\n",
            b"get / HTTP/1.1\r\n\r\n", b"BREW / HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\n\n", b"GET / HTTP/1.1\r\nHost: x\n\r\n\r\n",
            b"GET / HTTP/1.1\nHost: x\r\n\r\n", b"\0" * 100, b"\x7f" * 100,
            b"GET /\0 HTTP/1.1\r\n\r\n", b"GET /\x01 HTTP/1.1\r\n\r\n",
            b"GET /\tx HTTP/1.1 \r\n\r\n",
            b"GET /\r/ HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\r\n\r\n",
            GET + b"X: \0\r\n\r\n", GET + b"X: \x1b\r\n\r\n", GET + b"X: a\rb\r\n\r\n",
            GET + b"X: a\nY: b\r\n\r\n", GET + b"X\0: a\r\n\r\n", GET + b": a\r\n\r\n",
            GET + b"nothing\r\n\r\n", GET + b"X : a\r\n\r\n", GET + b"X\t: a\r\n\r\n",
            GET + b"X: a\r\n b\r\n\r\n", GET + b"X: a\r\n\tb\r\n\r\n",  # folded
            b"GET / HTTP/1.1\r\n X: a\r\n\r\n",
            # TLS, HTTP/2, SOCKS, SSH, RDP, and what HTTP/0.9 was
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x5a" * 500,
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x05\x01\x00",
            b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n", b"\x03\x00\x00\x13\x0e\xe0",
            b"GET /health\r\n\r\n", b"CONNECT localhost:80 HTTP/1.1\r\n\r\n",
        ):
            with self.subTest(data[:40]):
                answer = self.host.exchange(data)
                self.assertIn(answer.status, (400, 404, 405), (data[:80], answer))
                DESCRIPTION.check_error(answer)

    def test_where_a_body_ends(self):
        """Nothing that two readers could understand in two ways."""
        for headers, status in (
            (b"Content-Length: 2\r\nContent-Length: 2\r\n", 400),
            (b"Content-Length: 2\r\ncontent-length: 3\r\n", 400),
            (b"Content-Length: 2, 2\r\n", 400), (b"Content-Length: -1\r\n", 400),
            (b"Content-Length: +2\r\n", 400), (b"Content-Length: 0x2\r\n", 400),
            (b"Content-Length: 2 \0\r\n", 400), (b"Content-Length: 2x\r\n", 400),
            (b"Content-Length:\r\n", 400), (b"Content-Length: 2.0\r\n", 400),
            (b"Content-Length: 1e1\r\n", 400), (b"Content-Length : 2\r\n", 400),
            (b"Transfer-Encoding: chunked\r\n", 411),
            (b"transfer-ENCODING:\tchunked\r\n", 411),
            (b"Transfer-Encoding: gzip, chunked\r\n", 411),
            (b"Transfer-Encoding: identity\r\n", 411),
            (b"Transfer-Encoding: \x0bchunked\r\n", 400),
            (b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", 411),
            (b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", 411),
        ):
            with self.subTest(headers):
                self.refused(PUT + headers + b"\r\n{}", status)
        self.refused(PUT + b"\r\n", 400, "invalid_config")  # no body
        # What follows a request is not heard.
        for hidden in (RESET + b"\r\n", b"0\r\n\r\n" + RESET + b"\r\n"):
            for first in (GET + b"\r\n", PUT + b"Content-Length: 2\r\n\r\n{}",
                          GET + b"Content-Length: 0\r\n\r\n"):
                answer = self.host.send(first + hidden)
                self.assertEqual(answer.count(b"HTTP/1.1 "), 1)
                self.assertEqual(Answer(answer).status, 200)
        got = self.get(b"/api/circuit_breakers/tool-0").json()
        self.assertEqual(got["mode"], "automatic")

    def test_one_byte_at_a_time(self):
        data = PUT + b"Content-Length: 23\r\n\r\n" + b'{"failure_threshold":9}'
        with self.host.connect() as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in data:
                client.send(bytes([byte]))
            self.assertEqual(Answer(read_all(client)).status, 200)

    def test_who_waits_to_be_told_to_go_on(self):
        with self.host.connect() as client:
            client.sendall(PUT + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            self.assertEqual(client.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
            client.sendall(b"{}")
            self.assertEqual(Answer(read_all(client)).status, 200)
        self.refused(PUT + b"Content-Length: 99999\r\nExpect: 100-continue\r\n\r\n", 413)

    def test_random_bytes(self):
        rng = random.Random(20240229)
        pieces = [GET, PUT, RESET, b"\r\n", b"\r\n\r\n", b"Content-Length: 5\r\n",
                  b"HTTP/1.1", b"Host: ", b"%00", b"?", b"Range: bytes=", b"\0", b":"]
        for _ in range(300):
            data = bytearray(b"".join(rng.choices(pieces, k=rng.randint(1, 8))))
            for _ in range(rng.randint(0, 10)):
                data.insert(rng.randint(0, len(data)), rng.randrange(256))
            client = self.connect()
            client.sendall(bytes(data))
            client.shutdown(socket.SHUT_WR)
            got = read_all(client)
            if got and Answer(got).status >= 400 and not data.startswith(b"HEAD"):
                DESCRIPTION.check_error(Answer(got))
            client.close()

    def test_bodies(self):
        for body in (
            b"[" * 60_000, b'{"a":' * 12_000, b"[" * 30_000 + b"]" * 30_000,
            b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
            b'{"open_timeout_jitter":1e99999}', 
            b'{"failure_threshold":' + b"9" * 60_000 + b"}",
            b'{"open_timeout":"' + b"9" * 60_000 + b's"}',
            b'{"open_timeout":"nan s"}', b'{"open_timeout":"inf h"}',
            b'{"open_timeout":"1e308h"}', b'{"' + b"x" * 60_000 + b'":1}',
            b"{" + b",".join(b'"%d":1' % i for i in range(5000)) + b"}",
            b'{"a":"\xff\xfe"}', b'{"a":"\\ud800"}', b'{"a":"\0"}', b"\xef\xbb\xbf{",
            b"nul", b"{}{}", b"{}x", b'{"failure_threshold":3,}', b"{'a':1}", b"\0",
            b'{"failure_threshold":NaN}', b'{"failure_threshold":[[[[[[[[[[]]]]]]]]]]}',
        ):
            with self.subTest(body[:40]):
                self.refused(PUT + b"Content-Length: %d\r\n\r\n" % len(body) + body,
                             400, "invalid_config")

    def test_paths(self):
        for path in (
            b"/../health", b"/./health", b"//health", b"/health/", b"/.%2e/health",
            b"/%2e%2e/health", b"/%68ealth", b"/api/../health", b"/api//info",
            b"/assets/../index.html", b"/assets/..%2findex.html", b"/assets/%2e%2e/x",
            b"/assets//etc/passwd", b"/assets/../../../../etc/passwd",
            b"/assets/%2fetc%2fpasswd", b"/assets/index.html%00.js", b"/%00",
            b"/api/circuit_breakers/%00", b"/api/circuit_breakers/..",
            b"/api/circuit_breakers/../info", b"/api/circuit_breakers/%2e%2e%2finfo",
            b"/api/circuit_breakers/tool-0/../tool-1", b"/api/circuit_breakers/tool-0%00",
            b"/api/circuit_breakers/tool-0/config/../../info", b"\\health", b"health",
            b"*", b"http://localhost/health", b"http://evil.example/api/info",
            b"file:///etc/passwd", b"javascript:alert(1)", b"/api/controls/",
            b"/api/circuit_breakers/" + b"%41" * 1000, b"/" * 4000, b"/;" * 1000,
            b"/api/circuit_breakers/%", b"/api/circuit_breakers/%%%", b"/\xff\xfe",
            b"/api/info%0d%0aX-Injected:%20yes", b"/%0d%0a%0d%0a<script>",
        ):
            with self.subTest(path[:60]):
                answer = self.refused(b"GET " + path + b" HTTP/1.1\r\n\r\n", 404)
                self.assertNotIn("x-injected", answer.headers)

    def test_nothing_that_is_sent_gets_into_the_head(self):
        for path in (b"/api/circuit_breakers?q=%0d%0aX-Injected:%20yes&limit=1",
                     b"/api/circuit_breakers?limit=1&q=%22%3e%0aX-Injected:yes",
                     b"/api/events?kinds=%0d%0aX-Injected:%20yes"):
            for extra in (b"", b"Host: a%0d%0aX-Injected: yes\r\n",
                          b"Origin: a%0d%0aX-Injected: yes\r\n",
                          b"Accept: application/openmetrics-text%0d%0aX-Injected: 1\r\n"):
                got = self.host.send(b"GET " + path + b" HTTP/1.1\r\n" + extra + b"\r\n")
                self.assertNotIn(b"\nX-Injected", got.partition(b"\r\n\r\n")[0])

    def test_ranges(self):
        """Parts are not served, and many of them do not cost."""
        whole = self.get(b"/assets/app.js")
        for value in (b"bytes=0-0", b"bytes=-1", b"bytes=0-",
                      b"bytes=" + b",".join([b"0-0"] * 1900),
                      b"bytes=" + b",".join(b"%d-" % i for i in range(1000))):
            answer = self.host.exchange(
                b"GET /assets/app.js HTTP/1.1\r\nRange: " + value + b"\r\n\r\n")
            self.assertEqual((answer.status, len(answer.body)), (200, len(whole.body)))
        for value in (b"bytes=" + b"9" * 7000 + b"-", b"lines=1", b"bytes=x", b"-",
                      b"bytes=5-2"):
            answer = self.host.exchange(GET + b"Range: " + value + b"\r\n\r\n")
            self.assertIn(answer.status, (200, 416))

    def test_strangers_pages(self):
        """What a page elsewhere could make a browser send."""
        host = b"127.0.0.1:%d" % self.host.address[1]
        base = (b"POST /api/circuit_breakers/tool-0/isolate HTTP/1.1\r\nHost: " + host
                + b"\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\n")
        for header in (
            b"Origin: http://evil.example", b"Origin: null", b"Origin: http://localhost",
            b"Origin: http://127.0.0.1", b"Origin: http://127.0.0.1:1",
            b"Origin: https://evil.example:443", b"Origin: file://",
            b"Origin: http://" + host + b".evil.example", b"Origin: " + host,
            b"Sec-Fetch-Site: cross-site", b"Sec-Fetch-Site: same-site",
            b"Sec-Fetch-Site: x",
            b"Origin: http://" + host + b"\r\nSec-Fetch-Site: cross-site",
        ):
            with self.subTest(header):
                self.refused(base + header + b"\r\n\r\n", 403, "forbidden")
        self.assertEqual(self.get(b"/api/circuit_breakers/tool-0").json()["mode"],
                         "automatic")
        for header in (b"Origin: http://" + host, b"Sec-Fetch-Site: same-origin",
                       b"Sec-Fetch-Site: none", b"Origin: https://" + host):
            self.assertEqual(
                self.host.exchange(base + header + b"\r\n\r\n").status, 200, header)
        # What it may send without asking first.
        for kind in (b"text/plain", b"application/x-www-form-urlencoded",
                     b"multipart/form-data; boundary=x"):
            self.refused(base + b"Content-Type: " + kind
                         + b"\r\nContent-Length: 2\r\n\r\n{}", 415,
                         "unsupported_media_type")
        # And if it does ask.
        self.refused(
            b"OPTIONS /api/reset_all HTTP/1.1\r\nHost: " + host + b"\r\nOrigin: null\r\n"
            b"Access-Control-Request-Method: POST\r\n"
            b"Access-Control-Request-Headers: authorization\r\n\r\n", 405)

    def test_strangers_names(self):
        """A name that somebody made lead here."""
        for name in (b"evil.example", b"evil.example:80", b"localhost.evil.example",
                     b"127.0.0.1.evil.example", b"localhost@evil.example", b"[evil]",
                     b"[", b"127.1", b"0x7f000001", b"2130706433", b"localhost."):
            for path in (b"/", b"/api/info", b"/api/events", b"/assets/app.js",
                         b"/nothing"):
                with self.subTest(name, path=path):
                    self.refused(b"GET " + path + b" HTTP/1.1\r\nHost: " + name
                                 + b"\r\n\r\n", 403, "forbidden")
            for path in (b"/health", b"/metrics"):
                self.assertEqual(self.host.exchange(
                    b"GET " + path + b" HTTP/1.1\r\nHost: " + name + b"\r\n\r\n"
                ).status, 200)
        for name in (b"localhost", b"LOCALHOST:9", b"127.0.0.1", b"10.1.2.3:80",
                     b"[::1]:80", b"[::1]"):
            self.assertEqual(self.host.exchange(
                b"GET /api/info HTTP/1.1\r\nHost: " + name + b"\r\n\r\n").status, 200)

    def test_wrong_tokens(self):
        for i in range(200):
            self.refused(
                b"POST /api/reset_all HTTP/1.1\r\nAuthorization: Bearer "
                + b"0123456789abcdef%d" % i + b"\r\n\r\n", 401, "unauthorized")
        for value in (b"Bearer " + b"x" * 7000, b"Bearer \xff\xfe", b"Bearer",
                      b"bearer " + TOKEN.encode()[:-1], b"Negotiate " + TOKEN.encode(),
                      b"Bearer " + TOKEN.encode() + b"," + TOKEN.encode()):
            self.refused(b"POST /api/reset_all HTTP/1.1\r\nAuthorization: " + value
                         + b"\r\n\r\n", 401, "unauthorized")


class Names(Hostile):
    OPTIONS = ("--host", "Breakers.Example", "--host", "other.example")

    def test_names_that_are_known(self):
        for name in (b"breakers.example", b"BREAKERS.example:9464", b"other.example"):
            self.assertEqual(self.host.exchange(
                b"GET /api/info HTTP/1.1\r\nHost: " + name + b"\r\n\r\n").status, 200)
        self.refused(b"GET /api/info HTTP/1.1\r\nHost: example\r\n\r\n", 403)


if __name__ == "__main__":
    unittest.main()
