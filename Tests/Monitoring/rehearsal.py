# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""rehearsal.py DIRECTORY: breaks one thing at a time, and prints which alerts fired after how long, and when they resolved. Exit
status 1 if one that should did not, or one did that should not."""

import base64
import json
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lab import ENVIRONMENT, Lab, server, until

# All times of Prometheus and its rules are so much shorter: a minute is six seconds. Thresholds are not.
FACTOR = 10
# How long an alert may take to fire once something is broken, and to resolve once it is mended.
PATIENCE = 120
# How long things stay broken after the last expected alert has fired, to see whether others follow.
AFTERMATH = 15


@dataclass(frozen=True)
class Mishap:
    what: str
    cause: Callable[[Lab], None]
    mend: Callable[[Lab], None]
    # These have to fire.
    expected: set[str]
    # These may: they tell of a consequence.
    allowed: set[str] = field(default_factory=set)


def publish_garbage(_: Lab) -> None:
    management = urllib.parse.urlsplit(ENVIRONMENT["TEST_RABBITMQ_MANAGEMENT_URL"])
    login = base64.b64encode(f"{management.username}:{management.password}".encode()).decode()
    message = {"properties": {}, "routing_key": "user.created", "payload": "garbage", "payload_encoding": "string"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{management.port}/api/exchanges/%2F/domain_events/publish",
        json.dumps(message).encode(),
        {"Content-Type": "application/json", "Authorization": f"Basic {login}"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert json.load(answer)["routed"]


DATABASE_PORT = str(urllib.parse.urlsplit(ENVIRONMENT["TEST_MONGODB_URI"]).port)

# Once it is mended, what has waited is applied, and was late.
CAUGHT_UP = {"ProjectionSlow"}

MISHAPS = [
    Mishap(
        "consumer stopped",
        lambda lab: lab.services["consumer"].stop(),
        lambda lab: lab.services["consumer"].start(),
        {"ServiceDown", "QueueWithoutConsumer"},
        CAUGHT_UP,
    ),
    Mishap(
        "broker frozen",
        lambda _: server("pause", "rabbitmq"),
        lambda _: server("resume", "rabbitmq"),
        {"BrokerDown", "RelayBehind", "ServiceNotReady", "ChangeFeedNotFollowing"},
        # Its clients are gone when it wakes up, and come back one by one.
        {"QueueWithoutConsumer"} | CAUGHT_UP,
    ),
    Mishap("message that is no event", publish_garbage, lambda _: None, {"DeadLetters"}),
    Mishap(
        "database away",
        lambda _: server("kill", "mongod"),
        lambda _: server("start", "mongod", DATABASE_PORT),
        {"ServiceNotReady", "RouteErrors"},
        {"RouteSlow", "RelayBehind", "ChangeFeedNotFollowing"} | CAUGHT_UP,
    ),
    Mishap(
        "query-api's feed cut",
        lambda lab: lab.feed.cut(),
        lambda lab: lab.feed.mend(),
        {"ChangeFeedNotFollowing"},
    ),
]


def rehearse(mishap: Mishap, lab: Lab) -> bool:
    """Breaks and mends, and prints a line for each alert."""
    fired: dict[str, float] = {}
    resolved: dict[str, float] = {}

    def watch() -> set[str]:
        firing = lab.prometheus.firing()
        for alert in firing - fired.keys():
            fired[alert] = time.monotonic() - start
        return firing

    def is_over() -> bool:
        firing = watch()
        for alert in fired.keys() - firing - resolved.keys():
            resolved[alert] = time.monotonic() - mended
        # One that fires again has not resolved.
        for alert in firing:
            resolved.pop(alert, None)
        # One that is about to fire would be taken for a consequence of what is broken next.
        return not lab.prometheus.ask("alerts")["alerts"]

    def wait(limit: float, condition: Callable[[], bool]) -> None:
        try:
            until("", limit, condition, pause=0.5)
        except TimeoutError:
            # The table tells.
            pass

    start = time.monotonic()
    mishap.cause(lab)
    wait(PATIENCE, lambda: watch() and mishap.expected <= fired.keys())
    wait(AFTERMATH, lambda: watch() and False)
    mended = time.monotonic()
    mishap.mend(lab)
    wait(PATIENCE, is_over)

    is_right = True
    for alert in sorted(fired.keys() | mishap.expected, key=lambda alert: fired.get(alert, PATIENCE)):
        text = f"{fired[alert]:5.1f} s" if alert in fired else "NOT AT ALL"
        end = f"{resolved[alert]:5.1f} s" if alert in resolved else "NOT"
        note = "" if alert in mishap.expected else "a consequence" if alert in mishap.allowed else "SHOULD NOT"
        is_right &= alert in fired and alert in resolved and alert in mishap.expected | mishap.allowed
        print(f"{mishap.what:<26} {alert:<24} {text:>12} {end:>16}  {note}", flush=True)
    return is_right


def main() -> None:
    with Lab(Path(sys.argv[1]), FACTOR) as lab:
        # What the start has left behind.
        until("no alert", PATIENCE, lambda: not lab.prometheus.ask("alerts")["alerts"])
        print(f"All times of the rules are divided by {FACTOR}.\n")
        print(f"{'broken':<26} {'alert':<24} {'fired after':>12} {'resolved after':>16}", flush=True)
        results = [rehearse(mishap, lab) for mishap in MISHAPS]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
