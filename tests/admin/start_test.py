#!/usr/bin/env python3
"""Starting an admin server: what is refused, and in which words."""

import os
import pathlib
import socket
import tempfile
import unittest

from world import TOKEN, Host


class Start(unittest.TestCase):
    def host(self, *options, token=None, **variables):
        return Host(self, *options, token=token, **variables)

    def refused(self, *options, **more):
        """@returns what it says"""
        host = self.host(*options, **more)
        self.assertEqual(host.url, "")
        self.assertEqual(host.process.wait(timeout=60), 1)
        lines = host.log().splitlines()
        self.assertEqual(len(lines), 1, lines)
        self.assertNotIn("terminate", lines[0])
        return lines[0]

    def directory(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        return pathlib.Path(directory.name)

    def file(self, text, mode=0o600):
        path = self.directory() / "tokens"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return path

    def test_others_can_reach_it_with_a_token_only(self):
        for place in ("0.0.0.0:0", "[::]:0"):
            with self.subTest(place):
                said = self.refused("--listen", place)
                self.assertIn("admin: address = ", said)
                self.assertIn("there is no token: set token, token_file or "
                              "SWITCHGEAR_ADMIN_TOKEN", said)
        for more in ({"token": TOKEN}, {"SWITCHGEAR_ADMIN_TOKEN": TOKEN}):
            host = self.host("--listen", "0.0.0.0:0", **more)
            self.assertRegex(host.url, r"^http://0\.0\.0\.0:\d+/$")
            host.address = ("127.0.0.1", host.address[1])
            got = host.exchange(b"GET /api/info HTTP/1.1\r\n\r\n")
            self.assertTrue(got.json()["writable"])
            self.assertEqual(host.close(), 0)
        tokens = self.file("alice: " + TOKEN)
        host = self.host("--listen", "0.0.0.0:0", "--token-file", tokens)
        self.assertTrue(host.url)

    def test_this_machine_alone_needs_none(self):
        for place, url in (("0", r"^http://127\.0\.0\.1:\d+/$"),
                           ("127.0.0.1:0", r"^http://127\.0\.0\.1:\d+/$"),
                           ("127.9.8.7:0", r"^http://127\.9\.8\.7:\d+/$"),
                           ("[::1]:0", r"^http://\[::1\]:\d+/$")):
            if "::" in place and not pathlib.Path("/proc/net/if_inet6").exists():
                continue
            with self.subTest(place):
                host = self.host("--listen", place)
                self.assertRegex(host.url, url)
                got = host.exchange(b"GET /api/info HTTP/1.1\r\n\r\n")
                self.assertFalse(got.json()["writable"])
                self.assertIn("for reading only", host.log())

    def test_places(self):
        for place in ("", ":", "x", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", ":80",
                      "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:80x", "::1:80",
                      "[::1]", "[::1:80", "[]:80", "127.0.0.1: 80", "+80", "80 "):
            with self.subTest(place):
                self.assertIn("must be PORT or ADDRESS:PORT",
                              self.refused("--listen", place))
        for place in ("localhost:0", "example.org:0", "1.2.3:0", "[fe80::1%lo]:0",
                      "999.0.0.1:0"):
            with self.subTest(place):
                said = self.refused("--listen", place)
                self.assertIn("address = ", said)
                self.assertIn("an IPv4 or IPv6 address of this machine, in numbers",
                              said)
        # A network for documentation: no machine has it.
        self.assertIn("an address of this machine",
                      self.refused("--listen", "192.0.2.1:0", token=TOKEN))

    def test_a_port_that_is_in_use(self):
        first = self.host()
        port = first.address[1]
        said = self.refused("--listen", port)
        self.assertIn(f"admin: port = {port}: must be free on 127.0.0.1, or 0 "
                      "(Address already in use)", said)
        self.assertEqual(first.exchange(b"GET /health HTTP/1.1\r\n\r\n").status, 200)
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            self.assertIn(f"port = {port}", self.refused("--listen", port))

    def test_the_port_is_free_again_at_once(self):
        first = self.host()
        port = first.address[1]
        with first.connect() as client:
            client.sendall(b"GET /api/events HTTP/1.1\r\n\r\n")
            client.recv(1)
            self.assertEqual(first.close(), 0)
            self.assertEqual(self.host("--listen", port).address[1], port)

    def test_tokens(self):
        allowed = "must be 16 to 255 letters, digits and -._~+/="
        for token in ("short", "x" * 15, "x" * 256, "a token with spaces",
                      "tab\ttab\ttab\ttab\ttab", "ümlaut-ümlaut-ümlaut", "x" * 16 + ":"):
            with self.subTest(token[:20]):
                for said in (self.refused(token=token),
                             self.refused(SWITCHGEAR_ADMIN_TOKEN=token)):
                    self.assertIn(allowed, said)
                    self.assertNotIn(token, said)
        self.assertIn("admin: token = one of 5 bytes", self.refused(token="short"))
        self.assertIn("SWITCHGEAR_ADMIN_TOKEN = one of 5 bytes",
                      self.refused(SWITCHGEAR_ADMIN_TOKEN="short"))
        # None at all.
        self.assertTrue(self.host(SWITCHGEAR_ADMIN_TOKEN="").url)

    def test_files_of_tokens(self):
        directory = self.directory()
        self.assertIn("a file that can be read (No such file or directory)",
                      self.refused("--token-file", directory / "none"))
        self.assertIn("a file with a token in it",
                      self.refused("--token-file", directory))
        if os.geteuid() != 0:  # who may read all
            self.assertIn("a file that can be read (Permission denied)",
                          self.refused("--token-file", self.file(TOKEN, 0)))
        for text in ("", "\n\n", "# alice: " + TOKEN + "\n"):
            self.assertIn("a file with a token in it",
                          self.refused("--token-file", self.file(text)))
        for text, line in (
            ("alice: " + TOKEN + "\nbob: short\n", 2), ("\n#\nshort\n", 3),
            ("alice:\n", 1), (": " + TOKEN, 1), ("alice:bob: " + TOKEN, 1),
            ("alice: " + TOKEN + " # hers", 1), (b"\xff\xfe\x00", 1),
        ):
            with self.subTest(text):
                said = self.refused("--token-file", self.file(text))
                self.assertIn(f"admin: token_file, line {line} = ", said)
                self.assertNotIn(TOKEN, said)

    def test_options(self):
        for option, value, allowed in (
            ("--events", 99, "events = 99: must be 100 to 1000000"),
            ("--events", 1000001, "events = 1000001: must be 100 to 1000000"),
            ("--threads", 0, "threads = 0: must be 1 to 64"),
            ("--threads", 65, "threads = 65: must be 1 to 64"),
            ("--connections", 15, "connections = 15: must be 16 to 10000"),
            ("--connections", 10001, "connections = 10001: must be 16 to 10000"),
            ("--streams", 0, "streams = 0: must be 1 to 992"),
            ("--streams", 993, "streams = 993: must be 1 to 992"),
            ("--host", "", 'hosts = "": must be host names, without a port'),
            ("--host", "a:80", 'hosts = "a:80": must be host names'),
            ("--host", "http://a", 'hosts = "http://a": must be host names'),
            ("--title", "x" * 101, "title = "),
        ):
            with self.subTest(option, value=value):
                said = self.refused(option, value)
                self.assertIn("admin", said)
                self.assertIn(allowed, said)
        said = self.refused("--threads", 0, "--events", 1)
        self.assertIn("threads = 0", said)
        self.assertIn("events = 1", said)


if __name__ == "__main__":
    unittest.main()
