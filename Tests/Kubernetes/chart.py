# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""The Helm chart, rendered by Helm itself."""

import copy
from pathlib import Path

import helm_python as helm
import yaml

from project import ROOT

FOLDER = ROOT / "deploy" / "helm" / "swift-cqrs"
MANIFESTS = ROOT / "deploy" / "kubernetes"
NAME = "swift-cqrs"

# The least that has to be given.
REQUIRED = {
    "image": {"repository": "registry.example.com/swift-cqrs"},
    "services": {name: {"existingSecret": f"{name}-urls"} for name in ("command-api", "query-api", "consumer")},
}


def values_file(name: str) -> dict:
    return yaml.safe_load((FOLDER / f"values-{name}.yaml").read_text())


def merged(below: dict, above: dict) -> dict:
    """As Helm does with several values files."""
    result = copy.deepcopy(below)
    for key, value in above.items():
        is_both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if is_both else copy.deepcopy(value)
    return result


class Chart:
    """The chart, loaded once."""

    def __init__(self):
        self.chart = helm.Chart.load(FOLDER)
        self.metadata = self.chart.metadata
        self.values = self.chart.values
        self.schema = self.chart.schema

    def files(self, values: dict) -> dict[str, str]:
        """What each template makes, without those that make nothing."""
        rendered = self.chart.render(values, name=NAME, namespace=NAME)
        files = {Path(path).name: text for path, text in sorted(rendered.items()) if path.endswith(".yaml")}
        return {name: text for name, text in files.items() if list(filter(None, yaml.safe_load_all(text)))}

    def objects(self, values: dict) -> list[dict]:
        return [made for text in self.files(values).values() for made in yaml.safe_load_all(text) if made]

    def manifest(self, name: str) -> str:
        """The plain manifest of a values file."""
        source = f"deploy/helm/swift-cqrs with values-{name}.yaml"
        head = f"# {source}. Not to be edited: scripts/kubernetes-checks --write makes it.\n"
        documents = [text.strip().removeprefix("---").strip() for text in self.files(values_file(name)).values()]
        return head + "---\n" + "\n---\n".join(documents) + "\n"


def one(objects: list[dict], kind: str, name: str) -> dict:
    found = [made for made in objects if (made["kind"], made["metadata"]["name"]) == (kind, name)]
    assert len(found) == 1, f"there are {len(found)} of {kind} {name}"
    return found[0]


def pods(objects: list[dict]) -> dict[str, dict]:
    """The spec of each pod that there will be, by the name of who makes it."""
    return {
        made["metadata"]["name"]: made["spec"]["template"]["spec"]
        for made in objects
        if made["kind"] in ("Deployment", "StatefulSet", "Job")
    }


def environment(pod: dict) -> dict[str, str | dict]:
    """The variables of a pod's only container: the value, or where it comes from."""
    (container,) = pod["containers"]
    return {entry["name"]: entry.get("value", entry.get("valueFrom")) for entry in container["env"]}
