"""Asks for /health again and again, each time on a new connection, until its
standard input ends. Prints how long the answers took.

    prober.py HOST PORT

A program of its own, so that it does not wait for what a test does meanwhile.
On each processor somebody beside it only wants to be woken every two
milliseconds: times in which the machine, with all else that it does, did not
get to that are told, too.
"""

import json
import multiprocessing
import os
import select
import socket
import struct
import sys
import time

INTERVAL = 0.02
PATIENCE = 30
LEAST = 30

BEAT = 0.002
# Sooner or later everybody waits so long for a processor that is in use.
LATE = 0.02

# `tcpi_total_retrans` of Linux's `struct tcp_info`.
RETRANSMITTED = 100


def retransmitted(client):
    info = client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    return struct.unpack_from("I", info, RETRANSMITTED)[0]


def ask(address):
    """@returns what is answered, and how many packets were sent twice"""
    with socket.create_connection(address, timeout=PATIENCE) as client:
        client.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        result = b""
        while more := client.recv(4096):
            result += more
        return result, retransmitted(client)


def beat(processor, ended, tell):
    """Tells when it should have been woken and was not."""
    os.sched_setaffinity(0, {processor})
    stalls = []
    while not ended.is_set():
        due = time.monotonic() + BEAT
        time.sleep(BEAT)
        now = time.monotonic()
        if now - due > LATE:
            stalls.append((due, now))
    tell.send(stalls)


class Machine:
    """Knows when the machine was too busy."""

    def __enter__(self):
        self.ended = multiprocessing.Event()
        self.ears = []
        for processor in os.sched_getaffinity(0):
            ear, mouth = multiprocessing.Pipe(duplex=False)
            multiprocessing.Process(
                target=beat, args=(processor, self.ended, mouth), daemon=True
            ).start()
            self.ears.append(ear)
        return self

    def __exit__(self, *error):
        self.ended.set()
        self.stalls = sorted(each for ear in self.ears for each in ear.recv())

    def stalled(self, begin, end):
        """How long it was, on some processor, between two times."""
        total = 0
        for first, last in self.stalls:
            first, last = max(first, begin), min(last, end)
            if first < last:
                total += last - first
                begin = last  # is not counted again
        return total


def main():
    address = sys.argv[1], int(sys.argv[2])
    answers, wrong = [], []
    ended = False
    with Machine() as machine:
        while not ended or len(answers) < LEAST:
            # Few answers tell nothing; where they were all in time, some more
            # are.
            if not ended:
                ended = select.select([sys.stdin], [], [], INTERVAL)[0]
            else:
                time.sleep(INTERVAL)
            begin, again = time.monotonic(), 0
            try:
                answer, again = ask(address)
                if not answer.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 503 ")):
                    wrong.append(answer[:200].decode("latin-1"))
                elif b'"status"' not in answer:
                    wrong.append(answer[-200:].decode("latin-1"))
            except OSError as error:
                wrong.append(repr(error))
            answers.append((begin, time.monotonic(), again))
    print(json.dumps({
        "wrong": wrong,
        "answers": [
            {"took": end - begin, "stalled": machine.stalled(begin, end),
             "retransmitted": again}
            for begin, end, again in answers
        ],
    }))


if __name__ == "__main__":
    main()
