# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""Wrong values are refused by their names."""

import re

import helm_python as helm

from cases import chart
from chart import REQUIRED, merged
from registry import check


def render_error(given: dict) -> str:
    try:
        chart.objects(given)
    except helm.HelmError as error:
        return str(error)
    raise AssertionError(f"{given} was not refused")


@check(
    "refused with its name: {0[1]}",
    ({"replica": 1}, "'replica'"),
    ({"services": {"comsumer": {}}}, "'comsumer'"),
    ({"services": {"consumer": {"replicas": "two"}}}, "/services/consumer/replicas"),
    ({"services": {"consumer": {"replicas": 0}}}, "/services/consumer/replicas"),
    ({"services": {"consumer": {"autoscaling": {"minReplicas": 0}}}}, "/services/consumer/autoscaling/minReplicas"),
    ({"services": {"consumer": {"autoscaling": {"cpuUtilization": 70}}}}, "'cpuUtilization'"),
    ({"services": {"query-api": {"port": 70000}}}, "/services/query-api/port"),
    (
        {"services": {"query-api": {"resources": {"limits": {"memory": "1 GB"}}}}},
        "/services/query-api/resources/limits/memory",
    ),
    ({"environment": {"LOGLEVEL": "info"}}, "'LOGLEVEL'"),
    ({"environment": {"LOG_LEVEL": "loud"}}, "/environment/LOG_LEVEL"),
    ({"environment": {"AMQP_HEARTBEAT_MS": 500}}, "/environment/AMQP_HEARTBEAT_MS"),
    ({"environment": {"OTEL_TRACES_EXPORTER": "jaeger"}}, "/environment/OTEL_TRACES_EXPORTER"),
    ({"environment": {"AMQP_URL": "amqp://guest:guest@rabbitmq"}}, "'AMQP_URL'"),
    (
        {"services": {"command-api": {"environment": {"RELAY_TAKEOVER_MS": 10}}}},
        "/services/command-api/environment/RELAY_TAKEOVER_MS",
    ),
    ({"image": {"pullPolicy": "Sometimes"}}, "/image/pullPolicy"),
    ({"networkPolicy": {"clients": [{"namespace": "ingress"}]}}, "'namespace'"),
    ({"jobs": {"verify": "verify users"}}, "/jobs/verify"),
    ({"serviceMonitor": {"enabled": "yes"}}, "/serviceMonitor/enabled"),
)
def refused(case):
    wrong, name = case
    message = render_error(merged(REQUIRED, wrong))
    assert "meet the specifications of the schema" in message and name in message, message


@check(
    "wanted by its name: {0[1]}",
    (merged(REQUIRED, {"image": {"repository": ""}}), "image.repository"),
    (merged(REQUIRED, {"services": {"query-api": {"existingSecret": ""}}}), "services.query-api.existingSecret"),
    (
        merged(REQUIRED, {"services": {"consumer": {"autoscaling": {"enabled": True}}}}),
        "services.consumer.autoscaling.existingSecret",
    ),
)
def wanted(case):
    given, name = case
    message = render_error(given)
    assert f"{name} is required" in message, message


@check("every object of the schema refuses what it does not know")
def closed():
    def open_objects(schema, path):
        if isinstance(schema, dict):
            if "properties" in schema and schema.get("additionalProperties") is not False:
                yield path
            for key, value in schema.items():
                yield from open_objects(value, f"{path}/{key}")

    assert not list(open_objects(chart.schema, "")), list(open_objects(chart.schema, ""))


@check("the schema has each default, and the defaults have each value")
def same_names():
    def names(given, path=""):
        for key, value in given.items():
            yield f"{path}/{key}"
            if isinstance(value, dict) and not re.search(
                "/(environment|resources|labels|nodeSelector|jobs)$", f"{path}/{key}"
            ):
                yield from names(value, f"{path}/{key}")

    def described(schema, path=""):
        schema = chart.schema["definitions"][schema["$ref"].split("/")[-1]] if "$ref" in schema else schema
        for key, value in schema.get("properties", {}).items():
            if f"{path}/{key}" != "/global":
                yield f"{path}/{key}"
                if not path.endswith("/environment") and key not in ("environment", "resources"):
                    yield from described(value, f"{path}/{key}")

    assert set(names(chart.values)) == set(described(chart.schema)), set(names(chart.values)) ^ set(
        described(chart.schema)
    )
