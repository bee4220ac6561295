# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""checks.py [--write]: the Helm chart and the plain manifests, as far as that can be told without a cluster.

scripts/kubernetes-checks runs it. --write makes the plain manifests anew instead.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

import helm_python as helm
import yaml
from yamllint import linter
from yamllint.config import YamlLintConfig

import chart as charts
import objects as types
import project
from broker import Broker
from chart import NAME, REQUIRED, Chart, environment, merged, one, pods, values_file

KUBERNETES = ("1.30", "1.37")
# Those that are consumed: what is set aside or waits there has queues of its own.
QUEUES = [
    queue["name"]
    for queue in json.loads(project.text("deploy/rabbitmq/definitions.json"))["queues"]
    if not re.search(r"[.](dead|unrouted|retry[.]\d+s)$", queue["name"])
]

chart = Chart()
values = {
    "required alone": REQUIRED,
    "development": values_file("development"),
    "production": values_file("production"),
    # What no values file has.
    "everything else": merged(
        values_file("production"),
        {
            "image": {"tag": "1.2.3", "pullSecrets": ["registry"]},
            "services": {"consumer": {"resources": {"limits": {"cpu": 2}}, "autoscaling": {"prometheusAddress": ""}}},
            "networkPolicy": {"enabled": True, "monitoring": [], "extraEgress": [{"ports": [{"port": 4318}]}]},
            "nodeSelector": {"kubernetes.io/arch": "amd64"},
            "tolerations": [{"key": "dedicated", "operator": "Exists"}],
        },
    ),
}
rendered = {name: chart.objects(given) for name, given in values.items()}
production = rendered["production"]
checks = []


def check(name: str, *cases):
    """Registers a check, or one for each case, which is put into the name. What a case's check takes is the case."""

    def register(body):
        for case in cases:
            checks.append((name.format(case), lambda case=case: body(case)))
        if not cases:
            checks.append((name, body))
        return body

    return register


def render_error(given: dict) -> str:
    try:
        chart.objects(given)
    except helm.HelmError as error:
        return str(error)
    raise AssertionError(f"{given} was not refused")


# ---------------------------------------------------------------- what Helm and Kubernetes say


@check("lint with values: {}", *values)
def lint(name):
    found = helm.lint(charts.FOLDER, values[name], strict=True)
    flaws = found["errors"] + [message["error"] for message in found["messages"] if message["severity"] > 1]
    assert not flaws, flaws


@check("the YAML of {} is well formed", *values)
def well_formed(name):
    # Each key once, and nothing that another reader of YAML would take for something else.
    rules = YamlLintConfig("{rules: {key-duplicates: enable, indentation: {spaces: 2, indent-sequences: whatever}, truthy: enable, new-lines: enable}}")
    flaws = [f"{file}: {flaw}" for file, text in chart.files(values[name]).items() for flaw in linter.run(text, rules)]
    assert not flaws, flaws


for version in KUBERNETES:

    @check(f"Kubernetes {version} takes what {{}} makes", *values)
    def taken(name, version=version):
        for made in rendered[name]:
            try:
                types.validate(made, version)
            except Exception as error:
                raise AssertionError(f"{made['kind']} {made['metadata']['name']}: {error}") from error


@check("types that do not know a field say so")
def strict_types():
    made = json.loads(json.dumps(one(production, "ScaledObject", f"{NAME}-consumer")))
    made["spec"]["triggers"][0]["metdata"] = {}
    made["spec"]["minReplicas"] = 1
    try:
        types.validate(made, KUBERNETES[0])
    except AssertionError as error:
        assert ".spec.minReplicas" in str(error) and ".spec.triggers[0].metdata" in str(error), error
    else:
        raise AssertionError("a misspelt field was taken")


@check("names are unique")
def unique_names():
    for name, made in rendered.items():
        names = [(each["kind"], each["metadata"]["name"]) for each in made]
        assert len(set(names)) == len(names), (name, names)


@check("the plain manifest {}.yaml is what the chart makes", "development", "production")
def plain(name):
    path = charts.MANIFESTS / f"{name}.yaml"
    assert path.exists() and path.read_text() == chart.manifest(name), "run scripts/kubernetes-checks --write"
    assert list(yaml.safe_load_all(path.read_text())) == rendered[name], "its documents differ from the objects"


@check("a packaged chart makes the same")
def packaged():
    with tempfile.TemporaryDirectory() as folder:
        with helm.Chart.load(chart.chart.save(folder)) as archive:
            for given in values.values():
                assert archive.render(given, name=NAME) == chart.chart.render(given, name=NAME)


# ---------------------------------------------------------------- wrong values


@check(
    "refused with its name: {0[1]}",
    ({"replica": 1}, "'replica'"),
    ({"services": {"comsumer": {}}}, "'comsumer'"),
    ({"services": {"consumer": {"replicas": "two"}}}, "/services/consumer/replicas"),
    ({"services": {"consumer": {"replicas": 0}}}, "/services/consumer/replicas"),
    ({"services": {"consumer": {"autoscaling": {"minReplicas": 0}}}}, "/services/consumer/autoscaling/minReplicas"),
    ({"services": {"consumer": {"autoscaling": {"cpuUtilization": 70}}}}, "'cpuUtilization'"),
    ({"services": {"query-api": {"port": 70000}}}, "/services/query-api/port"),
    ({"services": {"query-api": {"resources": {"limits": {"memory": "1 GB"}}}}}, "/services/query-api/resources/limits/memory"),
    ({"environment": {"LOGLEVEL": "info"}}, "'LOGLEVEL'"),
    ({"environment": {"LOG_LEVEL": "loud"}}, "/environment/LOG_LEVEL"),
    ({"environment": {"AMQP_HEARTBEAT_MS": 500}}, "/environment/AMQP_HEARTBEAT_MS"),
    ({"environment": {"AMQP_URL": "amqp://guest:guest@rabbitmq"}}, "'AMQP_URL'"),
    ({"services": {"command-api": {"environment": {"RELAY_TAKEOVER_MS": 10}}}}, "/services/command-api/environment/RELAY_TAKEOVER_MS"),
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
            if isinstance(value, dict) and not re.search("/(environment|resources|labels|nodeSelector|jobs)$", f"{path}/{key}"):
                yield from names(value, f"{path}/{key}")

    def described(schema, path=""):
        schema = chart.schema["definitions"][schema["$ref"].split("/")[-1]] if "$ref" in schema else schema
        for key, value in schema.get("properties", {}).items():
            if f"{path}/{key}" != "/global":
                yield f"{path}/{key}"
                if not path.endswith("/environment") and key not in ("environment", "resources"):
                    yield from described(value, f"{path}/{key}")

    assert set(names(chart.values)) == set(described(chart.schema)), set(names(chart.values)) ^ set(described(chart.schema))


# ---------------------------------------------------------------- README and the programs

table = project.variables()
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
        assert name == "HTTP_PORT" or any(path.startswith(mount["mountPath"] + "/") for mount in container["volumeMounts"]), path


@check("README.md has every variable of the chart")
def documented():
    given = set(described) | {name for pod in sampled.values() for name in environment(pod)}
    unknown = {name for name in given if not {name, name.removesuffix("_FILE")} & set(table)}
    assert not unknown, unknown


@check("a service's own settings come before those for all")
def own_settings():
    given = merged(REQUIRED, {"environment": {"LOG_LEVEL": "debug"}, "services": {"consumer": {"environment": {"LOG_LEVEL": "trace"}}}})
    levels = {name: environment(pod)["LOG_LEVEL"] for name, pod in pods(chart.objects(given)).items()}
    assert levels == {f"{NAME}-command-api": "debug", f"{NAME}-query-api": "debug", f"{NAME}-consumer": "trace"}, levels


@check("each pod has a name for its connections")
def connection_name():
    for pod in pods(rendered["required alone"]).values():
        assert environment(pod)["AMQP_CONNECTION_NAME"] == {"fieldRef": {"fieldPath": "metadata.name"}}


@check("the ports are those of the images and programs")
def ports():
    for name, given in chart.values["services"].items():
        folder, program = f"{name}/", {"command-api": "CommandAPI", "query-api": "QueryAPI", "consumer": "Consumer"}[name]
        assert given["port"] == int(project.find(rf"AS {name}\n(?:.+\n)*?EXPOSE (\d+)", "Dockerfile"))
        assert given["port"] == int(project.find(r"defaultPort = (\d+)", f"{folder}{program}.swift"))


@check("the version is that of the programs")
def versions():
    version = project.find('projectVersion = "(.+)"', "Shared/ServiceKit/Lifecycle/ProjectVersion.swift")
    assert chart.metadata["appVersion"] == version, chart.metadata


@check("a pod is given more time than a stop takes")
def stop_in_time():
    limit = int(project.find(r"total: Duration = \.milliseconds\((\d+)\)", "Shared/ServiceKit/Lifecycle/StopLimits.swift")) / 1000
    for name, pod in pods(production).items():
        lifecycle = pod["containers"][0].get("lifecycle", {"preStop": {"sleep": {"seconds": 0}}})
        assert lifecycle["preStop"]["sleep"]["seconds"] + limit < pod["terminationGracePeriodSeconds"], name


@check("every pod is locked in: {}", *values)
def locked_in(name):
    user = int(project.find(r"USER (\d+)", "Dockerfile"))
    for owner, pod in pods(rendered[name]).items():
        context = pod["securityContext"]
        assert context["runAsNonRoot"] and context["seccompProfile"]["type"] == "RuntimeDefault", owner
        assert context["runAsUser"] == (999 if owner.endswith(("-rabbitmq", "-mongodb")) else user), owner
        assert not pod["automountServiceAccountToken"] and not pod["enableServiceLinks"], owner
        for container in pod["containers"]:
            context = container["securityContext"]
            assert context["readOnlyRootFilesystem"] and not context["allowPrivilegeEscalation"], owner
            assert context["capabilities"] == {"drop": ["ALL"]}, owner
            assert container["resources"]["requests"].keys() >= {"cpu", "memory"} and "memory" in container["resources"]["limits"], owner


@check("selectors find what they are for: {}", *values)
def selectors(name):
    made = rendered[name]
    labels = {
        each["metadata"]["name"]: each["spec"]["template"]["metadata"]["labels"]
        for each in made
        if each["kind"] in ("Deployment", "StatefulSet", "Job")
    }
    services = {each["metadata"]["name"]: each["metadata"]["labels"] for each in made if each["kind"] == "Service"}

    def found(selector, candidates):
        wanted = selector.get("matchLabels", {}).items()
        rules = selector.get("matchExpressions", [])
        return {
            name
            for name, has in candidates.items()
            if wanted <= has.items() and all(has.get(rule["key"]) in rule["values"] for rule in rules)
        }

    own = {f"{NAME}-{service}" for service in project.SERVICES}
    for each in made:
        kind, title, spec = each["kind"], each["metadata"]["name"], each.get("spec", {})
        if kind in ("Deployment", "StatefulSet", "PodDisruptionBudget"):
            assert found(spec["selector"], labels) == {title}, (kind, title)
        elif kind == "Service":
            assert found({"matchLabels": spec["selector"]}, labels) == {title}, title
        elif kind == "ServiceMonitor":
            assert found(spec["selector"], services) == own, found(spec["selector"], services)
        elif kind == "NetworkPolicy":
            all_own = {pod for pod in labels if not pod.endswith(("-rabbitmq", "-mongodb"))}
            assert found(spec["podSelector"], labels) == (all_own if title == NAME else {title}), title


@check("who may connect is said by NetworkPolicies alone")
def closed_by_default():
    policy = one(production, "NetworkPolicy", NAME)["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"] and "ingress" not in policy
    ports = {port["port"] for rule in policy["egress"] for port in rule["ports"]}
    assert ports == {53, 5671, 27017}, ports
    for service in project.SERVICES:
        (rule,) = one(production, "NetworkPolicy", f"{NAME}-{service}")["spec"]["ingress"]
        assert rule["from"], service
    # Without clients everybody may call the APIs; without somebody who reads metrics nobody the consumer.
    (rule,) = one(rendered["required alone"], "NetworkPolicy", f"{NAME}-command-api")["spec"]["ingress"]
    assert "from" not in rule, rule
    assert one(rendered["everything else"], "NetworkPolicy", f"{NAME}-consumer")["spec"]["ingress"] == []


@check("an API is in its Service once it was ready, the consumer is ready while it is")
def probes():
    paths = {"startupProbe": "/ready", "readinessProbe": "/live", "livenessProbe": "/live"}
    for service in project.SERVICES:
        (container,) = pods(production)[f"{NAME}-{service}"]["containers"]
        found = {probe: container[probe]["httpGet"]["path"] for probe in paths}
        assert found == (paths | {"startupProbe": "/live", "readinessProbe": "/ready"} if service == "consumer" else paths), service


@check("development has the broker and the logins of docker-compose.yml")
def development():
    made = rendered["development"]
    for name, text in one(made, "ConfigMap", f"{NAME}-rabbitmq")["data"].items():
        assert text == project.text(f"deploy/rabbitmq/{name}"), name
    for path in (project.ROOT / "deploy" / "development" / "secrets").iterdir():
        secret = one(made, "Secret", f"{NAME}-{path.name.removesuffix('.amqp-url')}")["stringData"]
        assert secret["amqp-url"] == path.read_text().strip().replace("@rabbitmq:", f"@{NAME}-rabbitmq:"), path.name
    compose = yaml.safe_load(project.text("docker-compose.yml"))["services"]
    for server in ("rabbitmq", "mongodb"):
        assert pods(made)[f"{NAME}-{server}"]["containers"][0]["image"] == compose[server]["image"], server


# ---------------------------------------------------------------- what KEDA counts

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
    broker.add_user("monitor", "monitoring")
    # Those that a rebuild makes, and some that are like them.
    made = [f"{queue}.g2" for queue in QUEUES] + ["users.projection.g13"]
    for name in made + ["users.projection.g2.retry.1s", "users.projection.gx", "others.projection.g2", "users-projection.g2"]:
        broker.add_queue(name)
    for trigger in triggers:
        metadata = trigger["metadata"]
        found = {queue["name"] for queue in broker.queues(metadata, ("monitor", "monitor"))}
        assert found == (set(made) if "useRegex" in metadata else {metadata["queueName"]}), (metadata["queueName"], found)


@check("the lag that KEDA asks for is right")
def lag():
    (query,) = [trigger["metadata"]["query"] for trigger in scaled["triggers"] if trigger["type"] == "prometheus"]
    for metric in re.findall(r"cqrs_[a-z_]+", query):
        assert f'"{metric.removesuffix("_bucket")}"' in project.text("Shared/ServiceKit/Metrics/MetricHelp.swift"), metric
    labels = f'{{namespace="{NAME}",service="{NAME}-consumer",projection="%s"%s}}'
    bucket, stopped = "cqrs_projection_lag_seconds_bucket", "cqrs_projection_stopped_streams"

    def histogram(projection, small, large):
        """`small` events a minute within a second, and `large` in all within 20."""
        buckets = {"1": small, "10": small, "20": large, "+Inf": large}
        return [
            {"series": bucket + labels % (projection, f',le="{le}"'), "values": f"0+{count}x10"} for le, count in buckets.items()
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


# ---------------------------------------------------------------- run


def run() -> int:
    programs = Path(os.environ["PROGRAMS"]) if os.environ.get("PROGRAMS") else None
    if programs:

        @check("README.md has every setting that the programs in {} read", programs)
        def read(programs):
            known = {name for service in project.SERVICES for name in project.settings(programs / service, "run")}
            known |= project.settings(programs / "consumer", "topology", "declare")
            assert known == set(table), known ^ set(table)

    failed = 0
    for name, body in checks:
        try:
            body()
        except Exception as error:
            failed += 1
            print(f"FAILED  {name}\n        {error}")
            if not isinstance(error, AssertionError):
                traceback.print_exc()
        else:
            print(f"ok      {name}")
    print(f"\n{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if sys.argv[1:] == ["--write"]:
    charts.MANIFESTS.mkdir(exist_ok=True)
    for name in ("development", "production"):
        (charts.MANIFESTS / f"{name}.yaml").write_text(chart.manifest(name))
else:
    sys.exit(run())
