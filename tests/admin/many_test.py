#!/usr/bin/env python3
"""5,000 breakers, and all of them busy."""

import re
import threading
import unittest

from world import DESCRIPTION, Answer, Host, Prober, Stream, eventually

COUNT = 5000
LIST = "/api/circuit_breakers"


class Many(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(cls, "--breakers", COUNT)

    # What `Host` wants of a test.
    @classmethod
    def addCleanup(cls, what):
        cls.addClassCleanup(what)

    def get(self, path):
        answer = self.host.exchange(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.assertEqual(answer.status, 200)
        return answer

    def test_pages(self):
        """Each breaker is on one page."""
        path, seen = LIST + "?limit=700", []
        while path:
            answer = self.get(path)
            DESCRIPTION.check("GET", path, answer)
            self.assertEqual(answer.headers["x-total-count"], str(COUNT))
            seen += [each["tool"] for each in answer.json()]
            following = re.search('<([^>]*)>; rel="next"', answer.headers["link"])
            path = following and following[1]
        self.assertEqual(seen, sorted(f"tool-{i}" for i in range(COUNT)))
        self.assertEqual(len(self.get(LIST).json()), 1000)
        self.assertEqual(len(self.get(LIST + "?limit=10000").json()), COUNT)
        self.assertEqual(len(self.get(LIST + "?q=tool-49").json()), 111)

    def test_health_is_quick_meanwhile(self):
        self.host.say("traffic 50")
        stream = Stream(self, self.host)
        stop = threading.Event()
        failed = []

        def ask(path):
            while not stop.is_set():
                try:
                    self.get(path)
                except Exception as error:  # told below
                    failed.append(error)
                    return

        threads = [
            threading.Thread(target=ask, args=(path,))
            for path in (LIST + "?limit=10000", LIST + "?sort=rate&order=desc",
                         LIST + "?q=9&limit=10", "/metrics", "/api/info",
                         LIST + "/tool-0")
        ]
        with Prober(self.host) as prober:
            for thread in threads:
                thread.start()
            stream.until(lambda event: event[1] == "call")
            eventually(lambda: self.get(LIST + "/tool-0").json()["trips"] > 0)
            threads[0].join(5)  # goes on for so long
            stop.set()
            for thread in threads:
                thread.join()
        self.host.say("traffic off")
        self.assertEqual(failed, [])
        prober.verify("5,000 breakers")
        self.assertEqual(
            Answer(self.host.send(b"GET /health HTTP/1.1\r\n\r\n")
                   ).json()["circuit_breakers"]["total"], COUNT)


if __name__ == "__main__":
    unittest.main()
