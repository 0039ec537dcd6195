"""Asks for /health again and again, each time on a new connection, until its
standard input ends. Prints how long the answers took.

    prober.py HOST PORT

A program of its own, so that it does not wait for what a test does meanwhile.
"""

import json
import select
import socket
import sys
import time

INTERVAL = 0.02
PATIENCE = 30
LEAST = 30


def ask(address):
    with socket.create_connection(address, timeout=PATIENCE) as client:
        client.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        result = b""
        while more := client.recv(4096):
            result += more
    return result


def main():
    address = sys.argv[1], int(sys.argv[2])
    took, overslept, wrong = [], [], []
    ended = False
    while True:
        before = time.monotonic()
        # Few answers tell nothing; where they were all in time, some more are.
        if not ended:
            ended = select.select([sys.stdin], [], [], INTERVAL)[0]
        else:
            time.sleep(INTERVAL)
        if ended and len(took) >= LEAST:
            break
        begin = time.monotonic()
        # How long this machine, with all else that it does, takes to wake
        # somebody up.
        overslept.append(begin - before - INTERVAL)
        try:
            answer = ask(address)
            if not answer.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 503 ")):
                wrong.append(answer[:200].decode("latin-1"))
            elif b'"status"' not in answer:
                wrong.append(answer[-200:].decode("latin-1"))
        except OSError as error:
            wrong.append(repr(error))
        took.append(time.monotonic() - begin)
    print(json.dumps({"took": took, "overslept": overslept, "wrong": wrong}))


if __name__ == "__main__":
    main()
