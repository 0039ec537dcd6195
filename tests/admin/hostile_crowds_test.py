#!/usr/bin/env python3
"""Many at once, and those who take their time."""

import random
import socket
import struct
import time
import unittest

from hostile import GET, PUT, Hostile
from world import DESCRIPTION, PATIENCE, TOKEN, Answer, eventually, read_all


class Crowds(Hostile):
    OPTIONS = ("--breakers", 300)

    def test_idle_connections(self):
        clients = [self.connect() for _ in range(500)]
        self.assertEqual(self.get(b"/api/info").status, 200)
        # Their time is over some day.
        eventually(lambda: self.get(b"/api/info").json()["connections"] < 10)
        self.assertGreater(self.closed(clients), 490)

    def test_slow_requests(self):
        """A byte now and then is not enough."""
        clients = [self.connect() for _ in range(500)]
        for client in clients:
            client.sendall(GET)
        begin = time.monotonic()
        left = list(clients)
        while left and time.monotonic() - begin < PATIENCE:
            self.assertEqual(self.get(b"/api/info").status, 200)
            still = []
            for client in left:
                try:
                    client.send(b"X")
                    still.append(client)
                except OSError:
                    pass
            left = still
            time.sleep(0.5)
        self.assertEqual(len(left), 0)
        self.assertGreater(time.monotonic() - begin, 4)

    def test_slow_bodies(self):
        clients = [self.connect() for _ in range(100)]
        for client in clients:
            client.sendall(PUT + b"Content-Length: 1000\r\n\r\n{")
        answers = [Answer(read_all(client)) for client in clients]
        self.assertEqual({answer.status for answer in answers}, {408})
        DESCRIPTION.check_error(answers[0])

    def test_more_than_there_is_room_for(self):
        """Those who have said nothing for the longest time go first."""
        clients = []
        for i in range(2000):
            clients.append(self.connect())
            if i % 100 == 99:
                self.assertEqual(self.get(b"/api/info").status, 200)
        self.assertLessEqual(self.get(b"/api/info").json()["connections"], 1000)

    def test_clients_that_read_nothing(self):
        clients = []
        for _ in range(200):
            client = socket.socket()
            self.addCleanup(client.close)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(self.host.address)
            client.sendall(b"GET /api/circuit_breakers HTTP/1.1\r\n\r\n")
            clients.append(client)
        self.assertEqual(self.get(b"/api/circuit_breakers").status, 200)
        eventually(lambda: self.get(b"/api/info").json()["connections"] < 10)

    def test_clients_that_vanish(self):
        rng = random.Random(7)
        for i in range(400):
            client = self.host.connect()
            data = rng.choice((
                b"GET /api/circuit_breakers HTTP/1.1\r\n\r\n", GET + b"\r\n", GET[:20],
                b"GET /api/events HTTP/1.1\r\n\r\n", PUT + b"Content-Length: 9\r\n\r\n{",
            ))
            client.sendall(data)
            if i % 3 == 0 and data.endswith(b"\r\n\r\n"):
                client.recv(rng.choice((1, 100, 5000)))
            if i % 2 == 0:  # with a reset
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                  struct.pack("ii", 1, 0))
            client.close()
        eventually(lambda: self.get(b"/api/info").json()["connections"] < 10)
        self.assertEqual(self.get(b"/api/info").json()["streams"], 0)

    def test_controls_that_hang(self):
        """They hold up nobody, not even if the actor dies meanwhile."""
        self.host.say("controls")
        clients = [self.connect() for _ in range(20)]
        for client in clients:
            client.sendall(b"POST /api/controls/hang HTTP/1.1\r\nAuthorization: "
                           b"Bearer " + TOKEN.encode() + b"\r\n\r\n")
        for path in (b"/api/circuit_breakers", b"/metrics", b"/api/info") * 5:
            self.assertEqual(self.get(path).status, 200)
        self.host.say("kill")
        for client in clients:
            if got := read_all(client):
                self.assertIn(Answer(got).status, (202, 503))
        self.assertEqual(self.get(b"/api/info").status, 200)
        self.host.say("release")

    def test_who_closes_one_half(self):
        """As `nc -N` does."""
        with self.host.connect() as client:
            client.sendall(GET + b"\r\n")
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(Answer(read_all(client)).status, 200)

    def test_the_actor_dies_meanwhile(self):
        """Who is answered by then is cut off or waits; nobody is forgotten."""
        for _ in range(10):
            clients = [self.connect() for _ in range(20)]
            for client in clients[:10]:
                client.sendall(b"GET /api/circuit_breakers HTTP/1.1\r\n\r\n")
            self.host.say("kill")
            for client in clients[10:]:
                try:
                    client.sendall(GET + b"\r\n")
                except ConnectionError:
                    pass
            for client in clients:
                got = read_all(client)
                if got:
                    self.assertEqual(Answer(got).status, 200)
                client.close()
            self.assertEqual(self.get(b"/api/info").status, 200)


class FewConnections(Hostile):
    OPTIONS = ("--connections", 16, "--streams", 4, "--threads", 1)

    def test_a_full_server_still_answers(self):
        for _ in range(3):
            clients = [self.connect() for _ in range(40)]
            streams = [self.connect() for _ in range(4)]
            for stream in streams:
                stream.sendall(b"GET /api/events HTTP/1.1\r\n\r\n")
                self.assertEqual(stream.recv(12), b"HTTP/1.1 200")
            for _ in range(20):
                self.assertEqual(self.get(b"/api/info").status, 200)
            # Those who follow events are not driven out.
            self.assertEqual(self.get(b"/api/info").json()["streams"], 4)
            for client in clients + streams:
                client.close()
            eventually(lambda: self.get(b"/api/info").json()["streams"] == 0)


if __name__ == "__main__":
    unittest.main()
