# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""What graphql-core, the reference, makes of a request: same schema, same data, same resolvers as the probe in Swift."""

import json
import pathlib

from graphql import (
    GraphQLError,
    GraphQLSyntaxError,
    OperationType,
    Undefined,
    build_schema,
    execute,
    get_operation_ast,
    is_composite_type,
    is_object_type,
    get_named_type,
    parse,
    specified_rules,
    visit,
)
from graphql.utilities import TypeInfo, TypeInfoVisitor
from graphql.language import ParallelVisitor
from graphql.validation import ValidationContext
from graphql.validation.validate import query_document_keys_to_validate

HERE = pathlib.Path(__file__).parent
SCHEMA_TEXT = (HERE / "schema.graphql").read_text()
DATA = json.loads((HERE / "data.json").read_text())
# The rules of directives that the specification does not have.
RULES = [rule for rule in specified_rules if not rule.__name__.startswith(("Defer", "Stream"))]


def name_of(rule):
    return rule.__name__.removesuffix("Rule")


def cell(value):
    """A value of the data: {"ref": ID} is a row, {"error": TEXT} fails, {"type": NAME} is an object."""
    if isinstance(value, list):
        return [cell(item) for item in value]
    if isinstance(value, dict):
        if "error" in value:
            return ValueError(value["error"])
        if "ref" in value:
            return DATA["rows"].get(value["ref"])
    return value


def field_resolver(name, field):
    is_scalar = get_named_type(field.type).name == "Any"
    is_composite = is_composite_type(get_named_type(field.type))

    def resolve(row, _info, **arguments):
        value = row.get(name)
        if is_scalar:
            return value
        if name == "name" and arguments.get("upper") and isinstance(value, str):
            return value.upper()
        if name == "friends" and isinstance(value, list):
            first = arguments.get("first")
            value = value[: max(0 if first is None else first, 0)]
        value = cell(value)
        if is_composite and value is not None and not isinstance(value, (dict, list, Exception)):
            return ValueError("no object")
        return value

    return resolve


def in_order(value):
    """Fields by their names; what a variable that was not given leaves in a scalar of one's own is null."""
    if isinstance(value, dict):
        return {name: in_order(item) for name, item in sorted(value.items())}
    if isinstance(value, list):
        return [in_order(item) for item in value]
    return None if value is Undefined else value


def resolve_users(_root, _info, first=None, after=None):
    users = [row for row in DATA["rows"].values() if row["type"] == "User"]
    if after is not None:
        ids = [row["id"] for row in users]
        users = users[ids.index(after) + 1 :] if after in ids else []
    return users[: max(first or 0, 0)]


def resolve_user(_root, _info, id):
    row = DATA["rows"].get(id)
    return row if row and row["type"] == "User" else None


def resolve_rename(_root, _info, id, name):
    row = DATA["rows"].get(id)
    return row and {**row, "name": name}


def executable_schema():
    schema = build_schema(SCHEMA_TEXT)
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    for type_ in schema.type_map.values():
        if type_.name.startswith("__"):
            continue
        if is_object_type(type_) and type_ not in roots:
            for name, field in type_.fields.items():
                field.resolve = field_resolver(name, field)
        elif is_composite_type(type_) and not is_object_type(type_):
            type_.resolve_type = lambda row, _info, _type: row["type"]
    query, mutation = schema.query_type.fields, schema.mutation_type.fields
    query["user"].resolve = resolve_user
    query["users"].resolve = resolve_users
    query["node"].resolve = lambda _root, _info, id: DATA["rows"].get(id)
    query["nodes"].resolve = lambda _root, _info, ids: [DATA["rows"].get(id) for id in ids]
    for name in ("named", "mammals", "pets", "anything", "faulty", "faultyNonNull", "version"):
        query[name].resolve = lambda _root, _info, name=name: cell(DATA["roots"][name])
    for name in ("echo", "needs"):
        query[name].resolve = lambda _root, _info, **arguments: in_order(arguments)
    mutation["rename"].resolve = resolve_rename
    mutation["count"].resolve = lambda _root, _info, step: step
    return schema


SCHEMA = executable_schema()


def validation_errors(document):
    """The errors of validation, each with the name of its rule."""
    found = []
    type_info = TypeInfo(SCHEMA)
    visitors = []
    for rule in RULES:
        context = ValidationContext(
            SCHEMA, document, type_info, lambda error, name=name_of(rule): found.append((name, error)), True, False
        )
        visitors.append(rule(context))
    visit(document, TypeInfoVisitor(type_info, ParallelVisitor(visitors)), query_document_keys_to_validate)
    return found


def refused(stage, errors, rules=()):
    return {"stage": stage, "rules": list(rules), "response": {"errors": [error.formatted for error in errors]}}


def outcome(request):
    """The stage at which a request ended, the rules it violates, the response."""
    try:
        document = parse(request["query"], allow_empty_selection_sets=False)
    except GraphQLSyntaxError as error:
        return refused("syntax", [error])
    found = validation_errors(document)
    if found:
        return refused("validation", [error for _, error in found], [rule for rule, _ in found])
    operation = get_operation_ast(document, request.get("operationName"))
    if operation and operation.operation == OperationType.SUBSCRIPTION:
        return refused("request", [GraphQLError("Not here.", operation)])
    result = execute(
        SCHEMA,
        document,
        variable_values=request.get("variables"),
        operation_name=request.get("operationName"),
    )
    # Before the first field everything that is wrong is the request's; it has no path then.
    if result.data is None and all(error.path is None for error in result.errors or []):
        is_collecting = operation and all("Variable" not in error.message for error in result.errors)
        if not is_collecting or not result.errors[0].message.startswith(("Argument", "Expected")):
            return refused("request", result.errors)
    response = {"data": result.data}
    if result.errors:
        response["errors"] = [error.formatted for error in result.errors]
    return {"stage": "executed", "response": response}
