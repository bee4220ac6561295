# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""checks.py [--write]: the Helm chart and the plain manifests, as far as that can be told without a cluster.

scripts/kubernetes-checks runs it. --write makes the plain manifests anew instead.
"""

import sys

# Registered by being imported.
import check_rendering  # noqa: F401
import check_scaling  # noqa: F401
import check_settings  # noqa: F401
import check_values  # noqa: F401
import check_workloads  # noqa: F401
import registry
from cases import chart
from chart import MANIFESTS

if sys.argv[1:] == ["--write"]:
    MANIFESTS.mkdir(exist_ok=True)
    for name in ("development", "production"):
        (MANIFESTS / f"{name}.yaml").write_text(chart.manifest(name))
else:
    sys.exit(registry.run())
