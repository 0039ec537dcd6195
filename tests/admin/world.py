"""What the tests of the admin server share: a program with one, clients of
several kinds, and the description of the API as something to hold answers
against."""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:  # another interpreter than Debian's
    sys.path.append("/usr/lib/python3/dist-packages")
    import jsonschema

ROOT = pathlib.Path(__file__).parents[2]

sys.path.append(str(ROOT / "tests/support"))
from waiting import PATIENCE, eventually  # noqa: E402, F401: for all tests here

HOST = os.environ.get(
    "SWITCHGEAR_ADMIN_HOST", str(ROOT / "build/release/tests/admin/admin_host")
)

TOKEN = "a-token.for_tests~1234+/="

METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE")


def id_of(name):
    """How a name stands in URLs."""
    if isinstance(name, str):
        name = name.encode()
    alone = set(name) <= set(b".")
    unreserved = re.compile(rb"[A-Za-z0-9._~-]")
    return "".join(
        chr(byte)
        if not alone and unreserved.fullmatch(bytes([byte]))
        else f"%{byte:02X}"
        for byte in name
    )


class Answer:
    """A response."""

    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        while head.startswith(b"HTTP/1.1 100 "):
            head, _, self.body = self.body.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        match = re.fullmatch(r"HTTP/1\.1 ([0-9]{3}) .*", lines[0])
        if not match:
            raise AssertionError(f"no response: {raw[:200]!r}")
        self.status = int(match[1])
        self.headers = {}
        for line in lines[1:]:
            name, colon, value = line.partition(": ")
            assert colon, line
            assert name.lower() not in self.headers, f"twice: {name}"
            self.headers[name.lower()] = value

    def __repr__(self):
        return f"{self.status} {self.headers} {self.body[:500]!r}"

    @property
    def type(self):
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)


class Host:
    """A program with an admin server. Ends with the test."""

    def __init__(self, test, *options, token=TOKEN, **variables):
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("OTEL_", "SWITCHGEAR_ADMIN_"))
        }
        environment.update(variables)
        if token:
            options += ("--token", token)
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [HOST, *map(str, options)], env=environment, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
        )
        test.addCleanup(self.errors.close)
        test.addCleanup(self.close)
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            self.address = None
            return
        place = re.fullmatch(r"http://(?:\[(.*)\]|(.*)):([0-9]+)/", self.url)
        self.address = (place[1] or place[2], int(place[3]))

    def say(self, line):
        self.process.stdin.write(line + "\n")
        answer = self.process.stdout.readline().strip()
        assert answer == "ok", f"{line}: {answer}"

    def log(self):
        self.errors.flush()
        size = os.fstat(self.errors.fileno()).st_size
        return os.pread(self.errors.fileno(), size, 0).decode(errors="replace")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def close(self):
        """@returns the exit code"""
        if not self.process.stdin.closed:
            self.process.stdin.close()
            self.process.stdout.close()
        try:
            return self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    # -- clients --------------------------------------------------------------

    def curl(self, method, path, *options, token=None, body=None):
        """Asks with curl."""
        if token:
            options += ("-H", f"Authorization: Bearer {token}")
        if body is not None:
            options += ("-H", "Content-Type: application/json",
                        "--data-binary", "@-")
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        options += ("--head",) if method == "HEAD" else ("-X", method)
        done = subprocess.run(
            ["curl", "-q", "--silent", "--show-error", "--include", "--globoff",
             "--path-as-is", "--noproxy", "*", "--http1.1", "--max-time",
             str(PATIENCE), *options, self.url.rstrip("/") + path],
            input=body, stdin=None if body is not None else subprocess.DEVNULL,
            capture_output=True, timeout=2 * PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return Answer(done.stdout)

    def connect(self, timeout=PATIENCE):
        return socket.create_connection(self.address, timeout=timeout)

    def send(self, data):
        """What comes back to some bytes, until the server has said all."""
        with self.connect() as client:
            try:
                client.sendall(data)
            except OSError:
                pass  # it has heard enough
            return read_all(client)

    def exchange(self, data):
        return Answer(self.send(data))


def read_all(client):
    """All that comes. A server that refuses may break off."""
    result = b""
    try:
        while more := client.recv(65536):
            result += more
    except ConnectionError:
        pass
    return result


class Stream:
    """Somebody who follows events."""

    def __init__(self, test, host, query="", last=None):
        header = f"Last-Event-ID: {last}\r\n" if last else ""
        self.client = host.connect()
        self.file = self.client.makefile("rb")
        test.addCleanup(self.close)
        self.client.sendall(
            f"GET /api/events{query} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n"
            .encode()
        )
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.file.readline()
            assert line, head
            head += line
        self.answer = Answer(head)

    def close(self):
        self.file.close()
        self.client.close()

    def next(self):
        """The next event: its id, its type, its data; nothing at the end."""
        fields = {}
        while line := self.file.readline():
            text = line.decode()
            assert text.endswith("\n"), text
            text = text[:-1]
            if not text and fields:
                assert set(fields) <= {"id", "event", "data", "retry"}, fields
                return fields.get("id"), fields["event"], json.loads(fields["data"])
            if text and not text.startswith(":"):
                name, colon, value = text.partition(": ")
                assert colon, text
                fields[name] = value
        return None

    def until(self, wanted):
        """All events up to the first that is wanted, with it."""
        result = []
        while True:
            got = self.next()
            assert got, f"the stream ended after {result[-3:]}"
            result.append(got)
            if wanted(got):
                return result


def number_of(event):
    return int(event[0].partition("-")[2])


class Description:
    """The description of the API, and whether answers are as it says."""

    def __init__(self, document):
        self.document = document
        self.validators = {}
        self.templates = [
            (re.compile(re.sub(r"\\\{.*?\\\}", "[^/]*", re.escape(path))), path)
            # What has no parameters goes first.
            for path in sorted(document["paths"], key=lambda path: "{" in path)
        ]

    def template(self, path):
        path = path.partition("?")[0]
        for pattern, template in self.templates:
            if pattern.fullmatch(path):
                return template
        return None

    def resolve(self, item):
        while "$ref" in item:
            found = self.document
            for part in item["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            item = found
        return item

    def validate(self, value, schema):
        key = json.dumps(schema)
        if key not in self.validators:
            self.validators[key] = jsonschema.Draft202012Validator(
                {"allOf": [schema], "components": self.document["components"]}
            )
        errors = [
            f"{'/'.join(map(str, each.absolute_path))}: {each.message[:300]}"
            for each in self.validators[key].iter_errors(value)
        ]
        assert not errors, f"is not as described: {errors[:5]}\n{str(value)[:1000]}"

    def check(self, method, path, answer):
        """Whether an answer is one of those that are described."""
        template = self.template(path)
        operation = self.document["paths"].get(template, {}).get(
            "get" if method == "HEAD" else method.lower()
        )
        if not operation:
            assert answer.status in (404, 405), f"{path} is not described: {answer}"
            if method != "HEAD":
                self.check_error(answer)
            return
        responses = operation["responses"]
        status = str(answer.status)
        assert status in responses or answer.status >= 400, answer
        described = self.resolve(responses.get(status, responses["default"]))
        for name in described.get("headers", {}):
            if name != "Link":
                assert name.lower() in answer.headers, (name, answer)
        if method == "HEAD" or "content" not in described:
            assert answer.body == b"", answer
            return
        content = described["content"]
        assert answer.type in content, answer
        if answer.type == "application/json":
            self.validate(answer.json(), content[answer.type]["schema"])
        else:
            answer.text  # must be UTF-8

    def check_error(self, answer):
        assert answer.status >= 400, answer
        assert answer.type == "application/json", answer
        self.validate(answer.json(), {"$ref": "#/components/schemas/Error"})

    def check_event(self, event):
        _, kind, data = event
        schemas = self.document["paths"]["/api/events"]["get"]["responses"]["200"]
        assert kind in schemas["x-events"], event
        self.validate(data, schemas["x-events"][kind])


DESCRIPTION = Description(
    json.loads((ROOT / "actors/admin/openapi.json").read_text())
)


class Prober:
    """Asks for /health while something else goes on."""

    def __init__(self, host):
        self.process = subprocess.Popen(
            [sys.executable, str(pathlib.Path(__file__).with_name("prober.py")),
             host.address[0], str(host.address[1])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        output, _ = self.process.communicate(timeout=PATIENCE)
        self.figures = json.loads(output)

    def verify(self, title):
        """Fails if one of the answers took 100 ms or more. Times in which the
        machine ran nobody are not counted, nor answers for which a packet had
        to be sent twice."""
        answers = self.figures["answers"]
        took = sorted(each["took"] for each in answers)
        counted = [each["took"] - each["stalled"] for each in answers
                   if not each["retransmitted"]]
        print(
            f"{title}: /health asked {len(took)} times: median "
            f"{took[len(took) // 2] * 1000:.1f} ms, longest "
            f"{took[-1] * 1000:.1f} ms, of which the server's "
            f"{max(counted) * 1000:.1f} ms; {len(took) - len(counted)} with "
            "lost packets",
            file=sys.stderr,
        )
        assert not self.figures["wrong"], self.figures["wrong"][:5]
        assert len(counted) >= 20, "nothing was measured"
        assert max(counted) < 0.1
