# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""What KEDA's RabbitMQ scaler would see, asked of a RabbitMQ in the same way (KEDA, pkg/scalers/rabbitmq_scaler.go)."""

import base64
import json
import urllib.parse
import urllib.request


class Broker:
    def __init__(self, url: str):
        """`url` has an administrator's login."""
        parts = urllib.parse.urlsplit(url)
        self.address = f"{parts.scheme}://{parts.hostname}:{parts.port}"
        self.administrator = (parts.username, parts.password)

    def request(self, method: str, path: str, login: tuple[str, str], body: dict | None = None):
        request = urllib.request.Request(self.address + path, method=method)
        request.add_header("Authorization", "Basic " + base64.b64encode(":".join(login).encode()).decode())
        request.add_header("Content-Type", "application/json")
        data = json.dumps(body).encode() if body is not None else None
        with urllib.request.urlopen(request, data, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def add_user(self, name: str, tags: str):
        """A user that may enter the virtual host, and has no right to anything there."""
        self.request("PUT", f"/api/users/{name}", self.administrator, {"password": name, "tags": tags})
        nothing = {"configure": "^$", "write": "^$", "read": "^$"}
        self.request("PUT", f"/api/permissions/%2F/{name}", self.administrator, nothing)

    def add_queue(self, name: str):
        path = f"/api/queues/%2F/{urllib.parse.quote(name, safe='')}"
        self.request("PUT", path, self.administrator, {"durable": True, "arguments": {"x-queue-type": "quorum"}})

    def queues(self, trigger: dict, login: tuple[str, str]) -> list[dict]:
        """The queues whose messages a trigger counts."""
        host = "/api/queues/" + urllib.parse.quote_plus(trigger["vhostName"])
        name = urllib.parse.quote_plus(trigger["queueName"])
        if trigger.get("useRegex") != "true":
            return [self.request("GET", f"{host}/{name}", login)]
        query = f"?page=1&use_regex=true&pagination=false&name={name}&page_size=100"
        answer = self.request("GET", host + query, login)
        assert answer["page_count"] <= 1, "the pattern matches more queues than KEDA takes"
        return answer["items"]
