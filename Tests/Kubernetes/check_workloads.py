# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""Pods and what is around them, compared with images, programs and docker-compose.yml."""

import yaml

import project
from cases import chart, production, rendered, values
from chart import NAME, one, pods
from registry import check


@check("the ports are those of the images and programs")
def ports():
    for name, given in chart.values["services"].items():
        folder, program = (
            f"{name}/",
            {"command-api": "CommandAPI", "query-api": "QueryAPI", "consumer": "Consumer"}[name],
        )
        assert given["port"] == int(project.find(rf"AS {name}\n(?:.+\n)*?EXPOSE (\d+)", "Dockerfile"))
        assert given["port"] == int(project.find(r"defaultPort = (\d+)", f"{folder}{program}.swift"))


@check("the version is that of the programs")
def versions():
    version = project.find('projectVersion = "(.+)"', "Shared/ServiceKit/Lifecycle/ProjectVersion.swift")
    assert chart.metadata["appVersion"] == version, chart.metadata


@check("a pod is given more time than a stop takes")
def stop_in_time():
    limit = (
        int(project.find(r"total: Duration = \.milliseconds\((\d+)\)", "Shared/ServiceKit/Lifecycle/StopLimits.swift"))
        / 1000
    )
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
            assert (
                container["resources"]["requests"].keys() >= {"cpu", "memory"}
                and "memory" in container["resources"]["limits"]
            ), owner


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
        assert found == (
            paths | {"startupProbe": "/live", "readinessProbe": "/ready"} if service == "consumer" else paths
        ), service


@check("development has the broker and the logins of docker-compose.yml")
def development():
    made = rendered["development"]
    for name, text in one(made, "ConfigMap", f"{NAME}-rabbitmq")["data"].items():
        assert text == project.text(f"deploy/rabbitmq/{name}"), name
    # Its MongoDB has no logins.
    for path in (project.ROOT / "deploy" / "development" / "secrets").glob("*.amqp-url"):
        secret = one(made, "Secret", f"{NAME}-{path.name.removesuffix('.amqp-url')}")["stringData"]
        assert secret["amqp-url"] == path.read_text().strip().replace("@rabbitmq:", f"@{NAME}-rabbitmq:"), path.name
    compose = yaml.safe_load(project.text("docker-compose.yml"))["services"]
    for server in ("rabbitmq", "mongodb"):
        assert pods(made)[f"{NAME}-{server}"]["containers"][0]["image"] == compose[server]["image"], server
