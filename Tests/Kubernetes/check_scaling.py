# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""What KEDA counts, asked of RabbitMQ and Prometheus as KEDA asks."""

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

import yaml

import project
from broker import Broker
from cases import production
from chart import NAME, one
from registry import check

# Those that are consumed: what is set aside or waits there has queues of its own.
QUEUES = [
    queue["name"]
    for queue in json.loads(project.text("deploy/rabbitmq/definitions.json"))["queues"]
    if not re.search(r"[.](dead|unrouted|retry[.]\d+s)$", queue["name"])
]

scaled = one(production, "ScaledObject", f"{NAME}-consumer")["spec"]
triggers = [trigger for trigger in scaled["triggers"] if trigger["type"] == "rabbitmq"]


@check("KEDA counts each read model's queue, those of generations, and the lag")
def triggers_of_all():
    named = [trigger["metadata"]["queueName"] for trigger in triggers if "useRegex" not in trigger["metadata"]]
    assert named == QUEUES, (named, QUEUES)
    assert len(triggers) == len(QUEUES) + 1 and len(scaled["triggers"]) == len(QUEUES) + 2
    for trigger in triggers:
        assert trigger["metadata"]["protocol"] == "http" and trigger["metadata"]["excludeUnacknowledged"] == "false"
        assert trigger["authenticationRef"] == {"name": f"{NAME}-consumer"}
    assert scaled["minReplicaCount"] > 0 and scaled["fallback"]["replicas"] > 0
    names = [trigger["name"] for trigger in scaled["triggers"]]
    assert len(set(names)) == len(names), names
    # Those in a consumer's hands count, too: they alone must not ask for another consumer.
    prefetch = int(re.search(r"\| `CONSUMER_PREFETCH` \| consumer \| (\d+) \|", project.text("README.md"))[1])
    assert all(float(trigger["metadata"]["value"]) > prefetch for trigger in triggers)


@check("RabbitMQ has the queues that KEDA asks for, and shows them to a user that may only look")
def queues_in_broker():
    broker = Broker(os.environ["TEST_RABBITMQ_MANAGEMENT_URL"])
    broker.add_user("monitor", "management")
    # Those that a rebuild and partitions make, and some that are like them.
    made = [f"{queue}.g2" for queue in QUEUES] + [f"{queue}.p1" for queue in QUEUES]
    made += ["users.projection.g13", "users.projection.p12", "users.projection.g2.p3"]
    for name in made + [
        "users.projection.g2.retry.1s",
        "users.projection.gx",
        "users.projection.p1x",
        "users.projection.p1.g2",
        "others.projection.g2",
        "users-projection.g2",
    ]:
        broker.add_queue(name)
    for trigger in triggers:
        metadata = trigger["metadata"]
        found = {queue["name"] for queue in broker.queues(metadata, ("monitor", "monitor"))}
        assert found == (set(made) if "useRegex" in metadata else {metadata["queueName"]}), (
            metadata["queueName"],
            found,
        )


@check("the lag that KEDA asks for is right")
def lag():
    (query,) = [trigger["metadata"]["query"] for trigger in scaled["triggers"] if trigger["type"] == "prometheus"]
    for metric in re.findall(r"cqrs_[a-z_]+", query):
        assert f'"{metric.removesuffix("_bucket")}"' in project.text("Shared/ServiceKit/Metrics/MetricHelp.swift"), (
            metric
        )
    labels = f'{{namespace="{NAME}",service="{NAME}-consumer",projection="%s"%s}}'
    bucket, stopped = "cqrs_projection_lag_seconds_bucket", "cqrs_projection_stopped_streams"

    def histogram(projection, small, large):
        """`small` events a minute within a second, and `large` in all within 20."""
        buckets = {"1": small, "10": small, "20": large, "+Inf": large}
        return [
            {"series": bucket + labels % (projection, f',le="{le}"'), "values": f"0+{count}x10"}
            for le, count in buckets.items()
        ] + [{"series": stopped + labels % (projection, ""), "values": "0x10"}]

    def case(name, series, expected):
        samples = [{"labels": "{}", "value": expected}] if expected is not None else []
        return {
            "name": name,
            "interval": "1m",
            "input_series": series,
            "promql_expr_test": [{"expr": query, "eval_time": "10m", "exp_samples": samples}],
        }

    others = [{"series": stopped + '{namespace="other",service="other-consumer",projection="users"}', "values": "0x10"}]
    tests = [
        case("the slowest read model counts", histogram("users", 60, 60) + histogram("items", 0, 60), 19.9),
        case("without an event it is 0", histogram("users", 0, 0) + histogram("items", 0, 0), 0),
        case("a read model without events hides no other", histogram("users", 0, 0) + histogram("items", 60, 60), 0.99),
        case("without a consumer there is none", others, None),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lag.yml"
        path.write_text(yaml.safe_dump({"evaluation_interval": "1m", "tests": tests}))
        result = subprocess.run(["promtool", "test", "rules", path], capture_output=True, text=True, timeout=30)
    assert result.returncode == 0, result.stdout + result.stderr
