# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""The chart with the values that it is looked at with."""

from chart import REQUIRED, Chart, merged, values_file

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
