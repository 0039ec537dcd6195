"""Clients that mean no good, or know no better. Whatever they do, /health is
answered in time, what they get is an error in JSON, and nothing of them stays."""

import resource
import selectors
import unittest

from world import DESCRIPTION, TOKEN, Host, Prober, eventually

GET = b"GET /api/info HTTP/1.1\r\nHost: localhost\r\n"
PUT = (b"PUT /api/circuit_breakers/tool-0/config HTTP/1.1\r\nHost: localhost\r\n"
       b"Content-Type: application/json\r\nAuthorization: Bearer "
       + TOKEN.encode() + b"\r\n")
RESET = (b"POST /api/circuit_breakers/tool-0/isolate HTTP/1.1\r\n"
         b"Authorization: Bearer " + TOKEN.encode() + b"\r\n")

# Connections and what the tests need beside them.
resource.setrlimit(resource.RLIMIT_NOFILE, (
    min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),
    resource.getrlimit(resource.RLIMIT_NOFILE)[1],
))


class Hostile(unittest.TestCase):
    """Begins with a server, and looks afterwards whether it is as before."""

    OPTIONS = ()

    def setUp(self):
        self.host = Host(self, *self.OPTIONS)
        # What is made when it is first needed is there from now on.
        for path in (b"/api/info", b"/health", b"/api/circuit_breakers") * 4:
            self.get(path)
        self.descriptors = self.host.descriptors()
        self.prober = Prober(self.host)

    def tearDown(self):
        with self.prober:
            pass
        self.prober.verify(self.id())
        eventually(
            lambda: self.host.descriptors() <= self.descriptors,
            lambda: f"{self.descriptors} -> {self.host.descriptors()} descriptors",
        )
        self.assertEqual(self.get(b"/api/circuit_breakers").status, 200)
        self.assertEqual(self.host.close(), 0, self.host.log()[-2000:])

    def get(self, path):
        return self.host.exchange(
            b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def refused(self, data, status, code=None):
        answer = self.host.exchange(data)
        self.assertEqual(answer.status, status, (data[:200], answer))
        DESCRIPTION.check_error(answer)
        if code:
            self.assertEqual(answer.json()["error"]["code"], code, data[:200])
        return answer

    def connect(self):
        client = self.host.connect()
        self.addCleanup(client.close)
        return client

    def closed(self, clients):
        """How many the server has closed. Reads what they have got."""
        count = 0
        with selectors.DefaultSelector() as selector:
            for client in clients:
                client.setblocking(False)
                selector.register(client, selectors.EVENT_READ)
            for key, _ in selector.select(0):
                try:
                    while more := key.fileobj.recv(65536):
                        pass
                    count += 1
                except BlockingIOError:
                    pass
                except ConnectionError:
                    count += 1
        return count
