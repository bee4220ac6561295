# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""The three services and their commands, with the logins of an operator's secrets."""

import http.client
import json
import os
import signal
import subprocess
import time


def until(seconds, look):
    """What look() returns once that is true; its last word when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        value = look()
        if value or time.monotonic() > deadline:
            return value
        time.sleep(0.05)


class Service:
    def __init__(self, name, port, log, process):
        self.name, self.port, self.log, self.process = name, port, log, process

    def call(self, method, path, body=None):
        """Status, headers, JSON; (0, {}, None) if nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            # The console lets programs in that say they are none of another page's forms.
            headers = {"X-Requested-With": "secure-checks"} | ({"Content-Type": "application/json"} if body is not None else {})
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            text = answer.read()
            is_json = "json" in answer.headers.get("Content-Type", "")
            return answer.status, answer.headers, json.loads(text) if is_json else text
        except OSError:
            return 0, {}, None
        finally:
            connection.close()

    def is_ready(self):
        return self.call("GET", "/ready")[0] == 200

    def reasons(self):
        """What /health says of each dependency that is not ready."""
        body = self.call("GET", "/health")[2]
        return {item["name"]: item["reason"] for item in (body or {}).get("dependencies", []) if "reason" in item}


class Programs:
    """Ends all that it started, with their own stop, when the block ends."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.programs = os.environ["PROGRAMS"]
        self.services = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for service in self.services:
            service.process.send_signal(signal.SIGTERM)
        for service in self.services:
            try:
                service.process.wait(15)
            except subprocess.TimeoutExpired:
                service.process.kill()

    def secret(self, user, kind):
        return (self.folder / "secrets" / f"{user}.{kind}").read_text().strip()

    def environment(self, user, changes=None):
        secrets = self.folder / "secrets"
        base = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        files = {"AMQP_URL_FILE": f"{secrets}/{user}.amqp-url", "MONGODB_URI_FILE": f"{secrets}/{user}.mongodb-uri"}
        return base | files | {"LOG_FORMAT": "json"} | (changes or {})

    def start(self, program, arguments=(), changes=None, label=None):
        port, label = self.port, label or program
        self.port += 1
        log = self.folder / "log" / f"{label}.log"
        environment = self.environment(program, {"HTTP_HOST": "127.0.0.1", "HTTP_PORT": str(port)} | (changes or {}))
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [f"{self.programs}/{program}", *arguments], env=environment, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        service = Service(label, port, log, process)
        self.services.append(service)
        return service

    def command(self, *arguments, changes=None):
        """A command of the consumer's, to its end."""
        return subprocess.Popen(
            [f"{self.programs}/consumer", *arguments], env=self.environment("consumer", changes), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
