"""Tests of the API, asked with curl: each answer is held against the
description."""

import unittest

from world import DESCRIPTION, TOKEN, Host, eventually, id_of

BREAKERS = "/api/circuit_breakers"
ACTIONS = ("reset", "force_open", "isolate", "force_closed", "disable",
           "metrics_only", "auto")


def path_of(name, rest=""):
    return f"{BREAKERS}/{id_of(name)}{rest}"


class Case(unittest.TestCase):
    def start(self, *options, **more):
        self.host = Host(self, *options, **more)
        return self.host

    def ask(self, method, path, *options, **more):
        answer = self.host.curl(method, path, *options, **more)
        DESCRIPTION.check(method, path, answer)
        return answer

    def get(self, path, *options, **more):
        answer = self.ask("GET", path, *options, **more)
        self.assertEqual(answer.status, 200, answer)
        return answer.json() if answer.type == "application/json" else answer

    def do(self, path, method="POST", token=TOKEN, **more):
        answer = self.ask(method, path, token=token, **more)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def refused(self, status, code, method, path, *options, **more):
        """@returns the error"""
        answer = self.ask(method, path, *options, **more)
        self.assertEqual(answer.status, status, answer)
        error = answer.json()["error"]
        self.assertEqual(error["code"], code)
        return error

    def breaker(self, name):
        return self.get(path_of(name))

    def wait_for_state(self, name, state):
        return eventually(
            lambda: (got := self.breaker(name))["state"] == state and got
        )

    def stay_open(self, name, how_long="1h"):
        """Long enough for a test that looks at an open breaker."""
        self.do(path_of(name, "/config"), "PUT", body={"open_timeout": how_long})
