# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""The system that the console is looked at with: where it is, what happens in it, and its broker's back door."""

import base64
import json
import os
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

COMMAND_API = os.environ["COMMAND_API"]
QUERY_API = os.environ["QUERY_API"]
MANAGEMENT = urllib.parse.urlsplit(os.environ["TEST_RABBITMQ_MANAGEMENT_URL"])


def call(method, url, body=None, headers={}):
    """The status of an answer, and its JSON if it has some."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            status, content = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, content = error.code, error.read()
    try:
        return status, json.loads(content)
    except ValueError:
        return status, None


def register(email, name="Ada Lovelace"):
    status, user = call("POST", f"{COMMAND_API}/users", {"name": name, "email": email})
    assert status == 202, f"{status} {user}"
    return user


def management(method, path, body=None):
    """Asks the broker's management API."""
    login = base64.b64encode(f"{MANAGEMENT.username}:{MANAGEMENT.password}".encode()).decode()
    url = f"{MANAGEMENT.scheme}://{MANAGEMENT.hostname}:{MANAGEMENT.port}/api/{path}"
    status, answer = call(method, url, body, {"Authorization": f"Basic {login}"})
    assert status < 300, f"{method} {path}: {status} {answer}"
    return answer


def publish(exchange, key, properties, payload):
    message = {"properties": properties, "routing_key": key, "payload": payload, "payload_encoding": "string"}
    assert management("POST", f"exchanges/%2F/{exchange}/publish", message)["routed"]


def until(condition, seconds=30, what="it"):
    """Waits until a condition holds."""
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.1)
    return result


class Consumer:
    """The consumer, which checks stop and start."""

    def __init__(self):
        self.start()

    def start(self):
        log = open(os.environ["CONSUMER_LOG"], "ab")
        self.process = subprocess.Popen([os.environ["CONSUMER"], "run"], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        ready = f"http://127.0.0.1:{os.environ['HTTP_PORT']}/ready"
        until(lambda: self.answers(ready), 60, "the consumer's readiness")

    def answers(self, url):
        assert self.process.poll() is None, "the consumer has ended"
        try:
            return call("GET", url)[0] == 200
        except OSError:
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


class Traffic:
    """Registrations at a steady rate, over one connection: an import that does not end before it is told to."""

    def __init__(self, per_second, prefix):
        self.per_second, self.prefix = per_second, prefix
        self.ended = threading.Event()
        self.sent = 0
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        url = urllib.parse.urlsplit(COMMAND_API)
        with socket.create_connection((url.hostname, url.port), timeout=60) as connection:
            # Results come while lines go, and must be read for the lines to be taken.
            reader = threading.Thread(target=self.read, args=[connection], daemon=True)
            reader.start()
            connection.sendall(
                f"POST /users/import HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n"
                "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
            )
            begun = time.monotonic()
            while not self.ended.wait(0.05):
                self.send(connection, int((time.monotonic() - begun) * self.per_second))
            connection.sendall(b"0\r\n\r\n")
            reader.join(60)

    def send(self, connection, due):
        people = range(self.sent, due)
        lines = "".join(
            json.dumps({"name": "Grace Hopper", "email": f"{self.prefix}-{person}@example.org"}) + "\n"
            for person in people
        ).encode()
        if lines:
            connection.sendall(b"%x\r\n%b\r\n" % (len(lines), lines))
        self.sent = due

    def read(self, connection):
        while connection.recv(65536):
            pass

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join(60)
