# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""Whether Kubernetes, KEDA and the Prometheus operator would take an object, by their own schemas and types."""

import kubernetes_validate
from cloudcoil.models.keda import v1alpha1 as keda
from cloudcoil.models.prometheus_operator import v1 as prometheus_operator

TYPES = {
    "ScaledObject": keda.ScaledObject,
    "TriggerAuthentication": keda.TriggerAuthentication,
    "ServiceMonitor": prometheus_operator.ServiceMonitor,
}


def validate(made: dict, version: str):
    """Raises an error that says what is wrong. `version` is Kubernetes', for what is its own."""
    if made["kind"] not in TYPES:
        kubernetes_validate.validate(made, version, strict=True)
        return
    # The types read past what they do not know: what they have not kept is wrong.
    read = TYPES[made["kind"]].model_validate(made)
    kept = read.model_dump(mode="json", by_alias=True, exclude_unset=True)
    lost = differences(made, kept)
    assert not lost, f"{made['kind']} has no {', '.join(lost)}"


def differences(given, kept, path: str = "") -> list[str]:
    if isinstance(given, dict) and isinstance(kept, dict):
        return [line for key in given for line in differences(given[key], kept.get(key), f"{path}.{key}")]
    if isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        pairs = enumerate(zip(given, kept, strict=True))
        return [line for i, pair in pairs for line in differences(*pair, f"{path}[{i}]")]
    return [] if given == kept else [path]
