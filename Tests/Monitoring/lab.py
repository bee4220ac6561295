# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""The three services under load, and a real Prometheus that watches them with the rules of deploy/monitoring.

scripts/monitoring.bash starts RabbitMQ and MongoDB, and says in the environment where they are.
"""

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

import yaml

MONITORING = Path(__file__).parents[2] / "deploy" / "monitoring"
ENVIRONMENT = os.environ


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def get(url: str, timeout: float = 10, **headers: str) -> str:
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return answer.read().decode()


def until(what: str, limit: float, condition, pause: float = 0.2):
    """Waits for a condition, and returns what it says."""
    deadline = time.monotonic() + limit
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {limit:.0f} s")
        time.sleep(pause)


class Proxy:
    """A way to a server on this machine that can be cut."""

    def __init__(self, port: int):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.is_open = True
        self.lock = threading.Lock()
        self.sockets: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        with self.lock:
            self.is_open = False
            for each in self.sockets:
                # Wakes who reads from it; it is closed there.
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def mend(self) -> None:
        with self.lock:
            self.is_open = True

    def _accept(self) -> None:
        while True:
            client, _ = self.listener.accept()
            with self.lock:
                if not self.is_open:
                    client.close()
                    continue
                try:
                    server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
                except OSError:
                    client.close()
                    continue
                server.settimeout(None)
                self.sockets |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(1 << 16):
                sink.sendall(data)
        except OSError:
            pass
        with self.lock:
            self.sockets.discard(source)
        try:
            sink.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        source.close()


class Service:
    """One of the three services."""

    def __init__(self, name: str, folder: Path, **settings: str):
        self.name, self.folder, self.settings = name, folder, settings
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with open(self.folder / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                [f"{ENVIRONMENT['MONITORED_PROGRAMS']}/{self.name}", "run"],
                env=ENVIRONMENT | {"HTTP_PORT": str(self.port), "LOG_FORMAT": "text"} | self.settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def is_ready(self) -> bool:
        try:
            return bool(get(f"{self.url}/ready", timeout=5))
        except OSError:
            return False

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


class Load:
    """Clients of all contexts, some dozen requests a second, until it is stopped. What fails is tried no second time."""

    def __init__(self, command_api: str, query_api: str):
        self.command_api, self.query_api = command_api, query_api
        self.stopped = threading.Event()
        self.users: list[str] = []
        self.skus: list[str] = []
        clients = [
            self._register,
            self._stock,
            self._lists,
            self._read,
            self._read,
            self._follow,
            self._follow_inventory,
        ]
        self.threads = [threading.Thread(target=self._repeat, args=(each,), daemon=True) for each in clients]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.stopped.set()

    def _repeat(self, client) -> None:
        while not self.stopped.wait(0.05):
            try:
                client()
            except OSError:
                self.stopped.wait(0.2)

    def _send(self, method: str, path: str, body: dict) -> dict:
        request = urllib.request.Request(
            self.command_api + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def _register(self) -> None:
        email = f"{uuid.uuid4().hex}@example.org"
        self._send("POST", "/users", {"name": "Ada Lovelace", "email": email})
        if len(self.users) < 100:
            # As one reads what one wrote.
            get(f"{self.query_api}/users/{email}?minVersion=1", Prefer="wait=5")
            self.users.append(email)

    def _stock(self) -> None:
        items = "/api/v1/inventory/items"
        sku = f"S-{uuid.uuid4().hex}"
        self._send("POST", items, {"sku": sku, "name": "Chair", "quantity": 10})
        self._send("POST", f"{items}/sku/{sku}/reserve", {"quantity": 3})
        if len(self.skus) < 100:
            self.skus.append(sku)

    def _lists(self) -> None:
        lists = "/api/v1/inventory/lists"
        made = self._send("POST", lists, {"customer": "Ada", "expiresOn": "2030-01-31"})
        self._send("POST", f"{lists}/{made['id']}/lines", {"product": "Chair", "quantity": 1})

    def _read(self) -> None:
        for email in self.users[:5]:
            get(f"{self.query_api}/users/{email}")
        for sku in self.skus[:5]:
            get(f"{self.query_api}/api/v1/inventory/items/sku/{sku}/stock")
        for query in ("{users(first:5){edges{node{email}}}}", "{user(email:\"nobody@example.org\"){id}}"):
            get(f"{self.query_api}/graphql?{urllib.parse.urlencode({'query': query})}")

    def _follow(self, path: str = "/users/changes") -> None:
        with urllib.request.urlopen(self.query_api + path, timeout=30) as stream:
            while not self.stopped.is_set() and stream.readline():
                pass

    def _follow_inventory(self) -> None:
        self._follow("/api/v1/inventory/changes")


def faster(rules: str, factor: int) -> str:
    """Rules whose times are shorter: how long something must hold, and how far back a rate looks. Thresholds stay."""

    def shorten(match: re.Match) -> str:
        seconds = int(match[2]) * {"s": 1, "m": 60, "h": 3600}[match[3]]
        return f"{match[1]}{seconds * 1000 // factor}ms"

    return re.sub(r"(\[|for: )(\d+)([smh])", shorten, rules)


class Prometheus:
    """A Prometheus with the configuration of deploy/monitoring, at other addresses and in a hurry."""

    def __init__(self, folder: Path, targets: dict[str, str], factor: int):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder.mkdir()
        for path in (MONITORING / "rules").iterdir():
            (folder / path.name).write_text(faster(path.read_text(), factor))
        configuration = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
        interval = f"{15_000 // factor}ms"
        configuration["global"] |= {
            "scrape_interval": interval,
            "evaluation_interval": interval,
            "scrape_timeout": interval,
        }
        configuration["rule_files"] = ["*.yml"]
        # The exporter of MongoDB is not to be had everywhere.
        configuration["scrape_configs"] = [
            each for each in configuration["scrape_configs"] if each["job_name"] in targets
        ]
        for job in configuration["scrape_configs"]:
            del job["dns_sd_configs"]
            job["static_configs"] = [{"targets": [targets[job["job_name"]]]}]
        path = folder / "prometheus.yaml"
        path.write_text(yaml.safe_dump(configuration))
        with open(folder / "prometheus.log", "wb") as log:
            self.process = subprocess.Popen(
                [
                    "prometheus",
                    f"--config.file={path}",
                    f"--storage.tsdb.path={folder}/data",
                    f"--web.listen-address=127.0.0.1:{self.port}",
                    "--enable-feature=exemplar-storage",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def ask(self, path: str, **parameters: str | list[str]):
        """What the API answers.

        Raises: `ValueError` with what is wrong with the question.
        """
        try:
            return json.loads(get(f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters, doseq=True)}"))["data"]
        except urllib.error.HTTPError as error:
            raise ValueError(json.load(error).get("error")) from error

    def query(self, expression: str) -> list:
        return self.ask("query", query=expression)["result"]

    def firing(self) -> set[str]:
        return {each["labels"]["alertname"] for each in self.ask("alerts")["alerts"] if each["state"] == "firing"}

    def are_targets_up(self) -> bool:
        try:
            targets = self.ask("targets", state="active")["activeTargets"]
        except (OSError, ValueError):
            return False
        return bool(targets) and all(target["health"] == "up" for target in targets)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(15)


class Lab:
    """Everything together: `with Lab(folder, factor=5) as lab`.

    `factor`: by how much all times of Prometheus and its rules are shorter.
    """

    def __init__(self, folder: Path, factor: int):
        self.folder, self.factor = folder, factor
        broker = urllib.parse.urlsplit(ENVIRONMENT["TEST_AMQP_URL"]).port
        # Through this one query-api is told of changes.
        self.feed = Proxy(broker)
        ports = {"command-api": broker, "query-api": self.feed.port, "consumer": broker}
        self.services = {
            name: Service(
                name,
                folder,
                AMQP_URL=f"amqp://{name}:{name}@127.0.0.1:{port}/%2F",
                MONGODB_URI=ENVIRONMENT["TEST_MONGODB_URI"],
            )
            for name, port in ports.items()
        }

    def __enter__(self):
        try:
            for service in self.services.values():
                service.start()
            for service in self.services.values():
                until(f"{service.name} ready", 60, service.is_ready)
            targets = {name: f"127.0.0.1:{service.port}" for name, service in self.services.items()}
            metrics = ENVIRONMENT["TEST_RABBITMQ_METRICS"]
            self.prometheus = Prometheus(
                self.folder / "prometheus", targets | {"rabbitmq": metrics, "rabbitmq-queues": metrics}, self.factor
            )
            self.load = Load(self.services["command-api"].url, self.services["query-api"].url)
            self.load.start()
            until("all targets scraped", 60, self.prometheus.are_targets_up)
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_) -> None:
        if hasattr(self, "load"):
            self.load.stop()
        if hasattr(self, "prometheus"):
            self.prometheus.stop()
        for service in self.services.values():
            service.stop()


def server(action: str, name: str, *arguments: str) -> None:
    """Does something to RabbitMQ or MongoDB, as scripts/servers names it."""
    folder = ENVIRONMENT["MONITORED_DIRECTORY"]
    subprocess.run([ENVIRONMENT["MONITORED_SERVERS"], action, name, folder, *arguments], check=True, timeout=120)


# Whoever ends this ends what it has started.
signal.signal(signal.SIGTERM, lambda *_: exit(143))
