# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""The variables of README.md, and what else the programs read."""

import os
import re
from pathlib import Path

import project
from cases import chart, production, rendered
from chart import NAME, REQUIRED, environment, merged, pods, values_file
from registry import check, skip

# OpenTelemetry's are those of its specification, which README abbreviates and the schema describes by patterns.
table = {name: users for name, users in project.variables().items() if not name.startswith("OTEL_")}
described = chart.schema["definitions"]["environment"]["properties"]


def sample(name: str):
    """A value that the schema allows."""
    schema = described[name]
    return schema.get("examples", schema.get("enum", [schema.get("maximum")]))[0]


samples = merged(values_file("production"), {"environment": {name: sample(name) for name in described}})
for service in samples["services"].values():
    service.pop("environment", None)
sampled = {name.removeprefix(f"{NAME}-"): pod for name, pod in pods(chart.objects(samples)).items()}


@check("{} of README.md can be set", *table)
def reachable(name):
    for user in table[name]:
        given = environment(sampled[user])
        if name in described:
            assert given.get(name) == str(sample(name)), f"{user} has {given.get(name)}, not {sample(name)}"
            continue
        # What is not said in `environment` follows from other values: as a file of a Secret, or as a port.
        assert name in given or f"{name}_FILE" in given, f"{user} does not get it"
        path = given.get(f"{name}_FILE", given.get(name))
        (container,) = sampled[user]["containers"]
        assert name == "HTTP_PORT" or any(
            path.startswith(mount["mountPath"] + "/") for mount in container["volumeMounts"]
        ), path


@check("README.md has every variable of the chart")
def documented():
    given = set(described) | {name for pod in sampled.values() for name in environment(pod)}
    unknown = {name for name in given if not {name, name.removesuffix("_FILE")} & set(table)}
    assert not unknown, unknown


@check("a service's own settings come before those for all")
def own_settings():
    given = merged(
        REQUIRED,
        {"environment": {"LOG_LEVEL": "debug"}, "services": {"consumer": {"environment": {"LOG_LEVEL": "trace"}}}},
    )
    levels = {name: environment(pod)["LOG_LEVEL"] for name, pod in pods(chart.objects(given)).items()}
    assert levels == {f"{NAME}-command-api": "debug", f"{NAME}-query-api": "debug", f"{NAME}-consumer": "trace"}, levels


@check("a program's own tag comes before that of all, and that before the version")
def tags():
    given = merged(REQUIRED, {"image": {"tag": "2.0.0"}, "services": {"command-api": {"tag": "1.0.0"}}})
    images = [
        pods(made)[f"{NAME}-{name}"]["containers"][0]["image"]
        for made in (chart.objects(given), production)
        for name in ("command-api", "consumer")
    ]
    assert [image.split(":")[1] for image in images] == ["1.0.0", "2.0.0", *[chart.metadata["appVersion"]] * 2], images


@check("each pod has a name for its connections")
def connection_name():
    for pod in pods(rendered["required alone"]).values():
        assert environment(pod)["AMQP_CONNECTION_NAME"] == {"fieldRef": {"fieldPath": "metadata.name"}}


if "PROGRAMS" in os.environ:

    @check("README.md has every setting that the programs read")
    def read():
        programs = Path(os.environ["PROGRAMS"])
        known = {name for service in project.SERVICES for name in project.settings(programs / service, "run")}
        known |= project.settings(programs / "consumer", "topology", "declare")
        traced = {name for name in known if name.startswith("OTEL_")}
        assert known - traced == set(table), (known - traced) ^ set(table)
        patterns = chart.schema["definitions"]["environment"]["patternProperties"]
        assert traced and all(any(re.search(pattern, name) for pattern in patterns) for name in traced), traced

else:
    skip("README.md has every setting that the programs read", "they are not built")
