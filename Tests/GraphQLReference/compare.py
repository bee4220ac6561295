# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""compare.py PROBE: holds what the probe makes of requests against what the reference does.

Compared are the stage at which a request ends, the rules that it violates and how often, the places of errors, the paths of
fields' errors, and the data. Texts of errors are each implementation's own.

Environment:
  SEED        a number: other documents than the usual ones, which are the same each time
  DOCUMENTS   how many are generated, and made up; mutated ones are ten times as many; default 60
"""

import collections
import json
import os
import random
import subprocess
import sys

from graphql import build_client_schema, get_introspection_query, lexicographic_sort_schema, print_schema

import documents
import reference
from differences import explanation, violations

SEED = int(os.environ.get("SEED", "1815"))
WHOLE_SCHEMA = get_introspection_query(
    specified_by_url=True,
    directive_is_repeatable=True,
    schema_description=True,
    input_value_deprecation=True,
    one_of=True,
)
COUNT = int(os.environ.get("DOCUMENTS", "60"))


def requests():
    """(kind, request): every document that is compared."""
    chance = random.Random(SEED)
    by_hand = [request for _, _, request in documents.by_hand()]
    generated = documents.generated(COUNT, SEED)
    maker = documents.RandomDocuments(chance)
    made_up = [maker.document() for _ in range(COUNT * 4)]
    seeds = by_hand + generated + made_up
    mutated = [documents.mutated(chance.choice(seeds), chance) for _ in range(COUNT * 10)]
    for kind, group in (("by hand", by_hand), ("generated", generated), ("made up", made_up), ("mutated", mutated)):
        for request in group:
            yield kind, request


def locations(error):
    return tuple((place["line"], place["column"]) for place in error.get("locations", ()))


def essence(request, outcome):
    """What has to be the same."""
    response = outcome["response"]
    errors = response.get("errors", [])
    stage = outcome["stage"]
    if stage == "validation":
        return stage, sorted(violation for violation, _ in violations(outcome))
    if stage == "executed":
        located = sorted(((str(error.get("path")), locations(error)) for error in errors))
        return stage, located, canonical(response["data"], ())
    return stage, sorted(map(locations, errors))


def canonical(value, path):
    """Equal values as equal texts: 1 is 1.0 in JSON, and fields keep their order."""
    if isinstance(value, dict):
        return [(name, canonical(item, (*path, name))) for name, item in value.items()]
    if isinstance(value, list):
        if path[0] == "__schema":
            # The specification leaves the order open; graphql-core's own introspection types have more than it says.
            value = sorted((item for item in value if "__" not in str(item)), key=str)
        return [canonical(item, path) for item in value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return repr(float(value))


def check_cases(outcomes):
    """That the documents by hand are what they say, and that each rule is violated."""
    problems, violated = [], set()
    for (name, is_valid, request), outcome in zip(documents.by_hand(), outcomes):
        violated.update(outcome.get("rules", ()))
        if is_valid != (outcome["stage"] in ("executed", "request")):
            problems.append(f"{name}: {'valid' if is_valid else 'invalid'}, says the file: {request['query']}")
    for rule in map(reference.name_of, reference.RULES):
        # The schema has all three kinds of operations.
        if rule not in violated and rule != "KnownOperationTypes":
            problems.append(f"{rule}: no document by hand violates it")
    return problems


def check_introspection(ours):
    """That tools which ask for the whole schema see the same."""

    def seen(outcome):
        return print_schema(lexicographic_sort_schema(build_client_schema(outcome["response"]["data"])))

    theirs = reference.outcome({"query": WHOLE_SCHEMA})
    return [] if seen(ours) == seen(theirs) else ["Tools see another schema:\n" + seen(ours)]


def probed(requests):
    """What the probe makes of requests."""
    lines = "".join(json.dumps(request, ensure_ascii=True) + "\n" for request in requests)
    arguments = [sys.argv[1], str(reference.HERE / "schema.graphql"), str(reference.HERE / "data.json")]
    probe = subprocess.run(arguments, input=lines.encode(), stdout=subprocess.PIPE, timeout=1800)
    outcomes = [json.loads(line) for line in probe.stdout.decode().split("\n") if line]
    if probe.returncode != 0 or len(outcomes) != len(requests):
        last = requests[len(outcomes)] if len(outcomes) < len(requests) else None
        sys.exit(f"The probe ended with {probe.returncode} after {len(outcomes)} of {len(requests)}, at {last}")
    return outcomes


def main():
    pairs = list(requests())
    *outcomes, introspection = probed([request for _, request in pairs] + [{"query": WHOLE_SCHEMA}])
    problems = check_cases(outcomes) + check_introspection(introspection)
    stages, explained = collections.Counter(), collections.Counter()
    for (kind, request), ours in zip(pairs, outcomes):
        theirs = reference.outcome(request)
        stages[kind, theirs["stage"]] += 1
        if essence(request, ours) == essence(request, theirs):
            continue
        reason = explanation(request, ours, theirs)
        if reason:
            explained[reason] += 1
        else:
            problems.append(
                f"{kind}: {json.dumps(request)}\n  ours:   {essence(request, ours)}\n  theirs: {essence(request, theirs)}"
            )
    for (kind, stage), count in sorted(stages.items()):
        print(f"{count:7} {kind}, ended by the reference as {stage}")
    for reason, count in sorted(explained.items()):
        print(f"{count:7} differ as they should: {reason}")
    for problem in problems[:50]:
        print(problem)
    print(f"{len(pairs)} documents compared with graphql-core, {len(problems)} differences")
    sys.exit(bool(problems))


main()
