# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""What Helm, Kubernetes, KEDA and the Prometheus operator say to what the chart makes."""

import json
import tempfile

import helm_python as helm
import yaml
from yamllint import linter
from yamllint.config import YamlLintConfig

import chart as charts
import objects as types
from cases import chart, production, rendered, values
from chart import NAME, one
from registry import check

KUBERNETES = ("1.30", "1.37")


@check("lint with values: {}", *values)
def lint(name):
    found = helm.lint(charts.FOLDER, values[name], strict=True)
    flaws = found["errors"] + [message["error"] for message in found["messages"] if message["severity"] > 1]
    assert not flaws, flaws


@check("the YAML of {} is well formed", *values)
def well_formed(name):
    # Each key once, and nothing that another reader of YAML would take for something else.
    indentation = "indentation: {spaces: 2, indent-sequences: whatever}"
    rules = YamlLintConfig(f"{{rules: {{key-duplicates: enable, truthy: enable, new-lines: enable, {indentation}}}}}")
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
