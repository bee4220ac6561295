# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""Where graphql-core and this project differ, and the specification's sentence that is followed here."""

import collections
import re

LOCATIONS = (
    'Section 7.1.6: "If an error can be associated to a particular point in the requested GraphQL document, it should contain'
    ' an entry with the key locations." graphql-core tells no place for a list or object where a scalar is expected.'
)
ONE_OF = (
    'Section 5.8.5, IsNonNullPosition: "If parentLocationType is a OneOf Input Object type, return true." graphql-core does not'
    " see the parent when the argument that has the input object is non-null."
)
ESCAPES = (
    'Section 2.9.4: "EscapedUnicode :: { HexDigit+ }": leading zeros are digits like others. graphql-core reads eight at most.'
)
DIRECTIVES = (
    'Section 3.13: "DirectiveDefinition : Description? directive @ Name ArgumentsDefinition? repeatable? on DirectiveLocations":'
    " no extensions of directives, no directives of directives. graphql-core reads both."
)
CYCLES = (
    'Section 5.5.2.2: "The graph of fragment spreads must not form any cycles". A cycle is told as that alone; how deep'
    " introspection is in it, about which the specification has no rule, has no answer."
)
TYPE_SYSTEM = (
    'Section 5.1.1: "definition must be ExecutableDefinition (it must not be TypeSystemDefinitionOrExtension)". graphql-core also'
    " holds such a definition against rules that are about executable ones."
)


def violations(outcome):
    """(rule, places) of each error of validation, and its text."""
    for rule, error in zip(outcome.get("rules", ()), outcome["response"].get("errors", ())):
        places = [(place["line"], place["column"]) for place in error.get("locations", ())]
        # Of fields that cannot be one, none is the first.
        yield (rule, tuple(sorted(places) if rule == "OverlappingFieldsCanBeMerged" else places)), error["message"]


def explanation(request, ours, theirs):
    """The sentences, or None when a difference has none."""
    query = request["query"]
    if theirs["stage"] == "syntax" and re.search(r"\\u\{[0-9A-Fa-f]{9}", query):
        return ESCAPES
    if ours["stage"] == "syntax" and re.search(r"extend\s+directive|directive\s*@[^{]*@", query):
        return DIRECTIVES
    if ours["stage"] != "validation" or theirs["stage"] == "syntax":
        return None
    texts = dict(violations(ours))
    mine = collections.Counter(violation for violation, _ in violations(ours))
    others = collections.Counter(violation for violation, _ in violations(theirs))
    mine, others = mine - others, others - mine
    reasons = set()
    for violation in list(mine):
        if "has to be non-null to be a field of" in texts[violation]:
            reasons.add(ONE_OF)
            del mine[violation]
    nowhere = ("ValuesOfCorrectType", ())
    if others[nowhere] and others[nowhere] == sum(n for (rule, _), n in mine.items() if rule == "ValuesOfCorrectType"):
        reasons.add(LOCATIONS)
        del others[nowhere]
        mine = collections.Counter({found: n for found, n in mine.items() if found[0] != "ValuesOfCorrectType"})
    cycles = [found for found in others if found[0] == "MaxIntrospectionDepth"]
    if cycles and "NoFragmentCycles" in ours["rules"]:
        reasons.add(CYCLES)
        others = collections.Counter({found: n for found, n in others.items() if found not in cycles})
    if +others and not +mine and "ExecutableDefinitions" in ours["rules"]:
        reasons.add(TYPE_SYSTEM)
        others.clear()
    return " ".join(sorted(reasons)) if reasons and not +mine and not +others else None
