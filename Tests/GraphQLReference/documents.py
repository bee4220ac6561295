# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""Requests to compare by: written by hand, generated from the schema, made up at random, and mutated."""

import json
import re

import hypothesis
import hypothesis_graphql
from graphql import get_named_type
from hypothesis import strategies
from hypothesis_graphql import nodes

from reference import HERE, SCHEMA, SCHEMA_TEXT


def by_hand():
    """The cases of `documents/`: (file's name, whether valid, request)."""
    for path in sorted((HERE / "documents").glob("*.txt")):
        for case in re.split(r"^=== ", path.read_text(), flags=re.MULTILINE)[1:]:
            head, _, text = case.partition("\n")
            expected, _, parts = head.partition(" ")
            yield path.stem, expected == "valid", {"query": text.rstrip("\n"), **json.loads(parts or "{}")}


def generated(count, seed):
    """Valid operations that hypothesis-graphql makes of the schema."""
    found = []
    scalars = {"Any": strategies.integers().map(nodes.Int) | strategies.just(nodes.Null)}

    def collect(strategy, count):
        # Its seed is the whole of its randomness, so the same documents come each time.
        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(strategy)
        def run(query):
            found.append({"query": query})

        run()

    collect(hypothesis_graphql.queries(SCHEMA_TEXT, custom_scalars=scalars), count * 4 // 5)
    collect(hypothesis_graphql.mutations(SCHEMA_TEXT, custom_scalars=scalars), count // 5)
    return found


class RandomDocuments:
    """Documents of all that the schema has: some right, some wrong here and there, some about everything."""

    TYPES = [name for name in SCHEMA.type_map if not name.startswith("__")]
    COMPOSITE = [name for name in TYPES if hasattr(SCHEMA.type_map[name], "fields") or hasattr(SCHEMA.type_map[name], "types")]
    FIELDS = sorted({field for name in TYPES for field in getattr(SCHEMA.type_map[name], "fields", {})}) + ["nothing"]
    ARGUMENTS = ["id", "first", "upper", "int", "filter", "choice", "ints", "string", "unit", "nothing"]
    VALUES = ["1", "-1", "1.5", '"u1"', '"d1"', '"text"', "true", "false", "null", "RED", "CM", "[1, 2]", "[]", "{must: true}"]
    VALUES += ['{id: "x"}', "{}", "2147483648", '["u1", "d1", "f1"]', "{must: true, min: 3, nested: {must: false}}"]
    DIRECTIVES = ["@skip(if: false)", "@include(if: true)", "@trace", '@tag(name: "x")', "@unknown", "@include(if: $b)"]
    INPUTS = ["Int", "Int!", "[Int!]", "String", "ID!", "Boolean!", "Filter", "Choice!", "Color", "Any", "User", "Nothing"]

    def __init__(self, random):
        self.random = random

    def chance(self, probability):
        return self.random.random() < probability

    def slips(self, probability):
        return self.chance(probability * self.sloppiness)

    def fresh(self):
        self.names += 1
        return self.names

    def document(self):
        self.fragments = []
        self.names = 0
        self.sloppiness = self.random.choice([0, 0, 0.2, 1])
        count = 2 if self.slips(0.1) else 1
        operations = [self.operation() for _ in range(count)]
        fragments = []
        while self.fragments:
            name, type_ = self.fragments.pop()
            if not self.slips(0.05 if len(fragments) < 6 else 1):
                fragments.append(f"fragment {name} on {type_} {self.selection_set(type_, 2 if len(fragments) < 6 else 0)}")
        definitions = operations + fragments
        if self.chance(0.3):
            self.random.shuffle(definitions)
        return {"query": "\n".join(definitions), "variables": {"b": True, "v": 3, "s": "u1"}}

    def operation(self):
        kind, type_ = self.random.choice([("query", "Query")] * 9 + [("mutation", "Mutation")])
        if self.slips(0.1):
            kind, type_ = "subscription", "Subscription"
        if kind == "query" and self.slips(0.3):
            return self.selection_set(type_, 4)
        name = self.random.choice(["", "A", "B"])
        body = self.selection_set(type_, 4)
        used = set(re.findall(r"\$(\w+)", body))
        usual = {"b": "Boolean!", "v": "Int", "s": "ID!"}
        variables = []
        for variable in sorted(used) + (["extra"] if self.slips(0.05) else []):
            if not self.slips(0.05):
                input_ = self.random.choice(self.INPUTS) if self.slips(0.15) else usual.get(variable, "Int")
                default = f" = {self.random.choice(self.VALUES)}" if self.slips(0.1) else ""
                variables.append(f"${variable}: {input_}{default}")
        return f"{kind} {name}{'(' + ', '.join(variables) + ')' if variables else ''}{self.directives(0.05 * self.sloppiness)} {body}"

    def selection_set(self, type_name, depth):
        count = self.random.choice([1, 2, 2, 3, 4])
        return "{ " + " ".join(self.selection(type_name, depth) for _ in range(count)) + " }"

    def selection(self, type_name, depth):
        draw = self.random.random()
        if draw < 0.15 and depth > 0:
            type_ = self.related(type_name)
            condition = f" on {type_}" if self.chance(0.85) else ""
            return f"...{condition}{self.directives(0.1)} {self.selection_set(type_ if condition else type_name, depth - 1)}"
        if draw < 0.27:
            if depth <= 0 and not self.slips(1):
                return "__typename"
            number = self.random.randrange(5) if self.slips(0.7) else 5 + self.fresh()
            name, type_ = f"F{number}", self.related(type_name)
            if all(name != known for known, _ in self.fragments):
                self.fragments.append((name, type_))
            return f"...{name}{self.directives(0.1)}"
        if draw < 0.32:
            return "__typename"
        return self.field(type_name, depth)

    def related(self, type_name):
        if self.slips(0.1):
            return self.random.choice(self.TYPES + ["Nothing"])
        type_ = SCHEMA.type_map.get(type_name)
        others = [type_name] + [interface.name for interface in getattr(type_, "interfaces", ())]
        if type_ in SCHEMA.type_map.values() and type_name in ("Node", "Named", "Mammal", "Pet", "Anything"):
            others += [possible.name for possible in SCHEMA.get_possible_types(type_)] * 2
        return self.random.choice(others)

    def field(self, type_name, depth):
        fields = getattr(SCHEMA.type_map.get(type_name), "fields", {})
        if depth <= 0:
            fields = {name: field for name, field in fields.items() if get_named_type(field.type).name not in self.COMPOSITE}
        if not fields or self.slips(0.04):
            name = self.random.choice(self.FIELDS if self.slips(0.3) else ["__typename"])
        else:
            name = self.random.choice(list(fields))
        field = fields.get(name)
        alias = f"{self.random.choice('xyz')}: " if self.slips(0.15) else ""
        if not self.slips(0.6) and (getattr(field, "args", None) or self.chance(0.5)):
            alias = f"a{self.fresh()}: "
        named = get_named_type(field.type).name if field else None
        selections = ""
        if depth > 0 and (named in self.COMPOSITE) != self.slips(0.02):
            selections = " " + self.selection_set(named if named in self.COMPOSITE else type_name, depth - 1)
        return f"{alias}{name}{self.arguments(field)}{self.directives(0.06)}{selections}"

    def arguments(self, field):
        arguments = []
        for name, argument in getattr(field, "args", {}).items():
            required = str(argument.type).endswith("!")
            if not self.slips(0.03) if required else self.chance(0.25):
                arguments.append(f"{name}: {self.value(str(argument.type))}")
        if self.slips(0.03):
            arguments.append(f"{self.random.choice(self.ARGUMENTS)}: {self.random.choice(self.VALUES)}")
        return f"({', '.join(arguments)})" if arguments else ""

    def value(self, type_):
        if self.slips(0.12):
            return self.random.choice(self.VALUES)
        if self.slips(0.12):
            return self.random.choice(["$b", "$v", "$s"])
        usual = {"ID": ['"u1"', '"u2"', '"u4"', '"d1"', '"c1"', '"f1"', "$s"], "Int": ["1", "2", "0"], "Boolean": ["true", "false"]}
        usual |= {"String": ['"text"', '"é"'], "Float": ["1.5", "2"], "Color": ["RED", "BLUE"], "Unit": ["CM", "INCH"]}
        usual |= {"Any": ["1", "[1, {a: $v}]", "RED"], "Filter": ["{must: true}", "{must: $b, min: $v}"], "Choice": ['{id: "x"}', '{name: "n"}', "{id: $s}"]}
        return self.random.choice(usual.get(type_.strip("[]!"), self.VALUES))

    def directives(self, probability):
        known = [text for text in self.DIRECTIVES if text not in ("@unknown", "@trace") and "@tag" not in text]
        directives = self.DIRECTIVES if self.slips(1) else known
        return f" {self.random.choice(directives)}" if self.chance(probability) else ""


TOKEN = re.compile(r'"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n])*"|\.\.\.|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[\s,]+|.')
SPICE = ["{", "}", "(", ")", "[", "]", ":", "!", "$", "@", "...", "|", "&", "=", "on", "fragment", "query", "null", "1", "-"]
SPICE += ['"', '"""', "\\", "#", "\n", "\r\n", "\r", "\t", "\u00e9", "\U0001f600", "\ufeff", "\x00", "\x07", "\u2028", "0", "."]
SPICE += ["\\u0041", "\\u{1F600}", "type", "extend", "schema", "User", "version", "true", "e", "_", "'", "%", "..", "\x7f"]


def mutated(request, random):
    """A request whose document has lost, doubled, swapped or gained some tokens or characters."""
    text = request["query"]
    parts = TOKEN.findall(text) if random.random() < 0.6 else list(text)
    for _ in range(random.choice([1, 1, 2, 3, 8])):
        if not parts:
            break
        here, there = random.randrange(len(parts)), random.randrange(len(parts))
        match random.randrange(6):
            case 0:
                del parts[here]
            case 1:
                parts.insert(here, parts[there])
            case 2:
                parts[here], parts[there] = parts[there], parts[here]
            case 3:
                parts.insert(here, random.choice(SPICE))
            case 4:
                parts[here] = parts[there]
            case 5:
                del parts[here : here + random.randrange(10)]
    return {**request, "query": "".join(parts)}
