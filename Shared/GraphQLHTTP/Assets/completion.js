// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
// What may stand at a place of a document, as the schema says.

import { words, meaningful } from "./language.js";

/** The schema as introspection tells it, by names. */
export class Schema {
  constructor({ types, directives, queryType, mutationType, subscriptionType }) {
    this.types = new Map(types.map((type) => [type.name, type]));
    this.directives = directives;
    this.roots = { query: queryType?.name, mutation: mutationType?.name, subscription: subscriptionType?.name };
  }

  type(name) { return this.types.get(name); }
  field(type, name) { return this.type(type)?.fields?.find((field) => field.name === name); }
  isInput(type) { return ["SCALAR", "ENUM", "INPUT_OBJECT"].includes(type.kind); }
  isComposite(type) { return ["OBJECT", "INTERFACE", "UNION"].includes(type.kind); }
}

/** The type's name without lists and exclamation marks. */
export const innermost = (type) => (type?.ofType ? innermost(type.ofType) : type?.name);

/** The type as it is written. */
export function written(type) {
  if (type.kind === "NON_NULL") return `${written(type.ofType)}!`;
  return type.kind === "LIST" ? `[${written(type.ofType)}]` : type.name;
}

/** What may stand where the cursor is: { from, options }, options being { text, about } and begin with what is there already. */
export function completions(text, cursor, schema) {
  const all = words(text.slice(0, cursor));
  const last = all.at(-1);
  if (last?.kind === "comment" || last?.kind === "string") return { from: cursor, options: [] };
  const begun = last?.kind === "name" ? last.text : "";
  const before = meaningful(begun ? all.slice(0, -1) : all);
  const place = new Place(schema, text);
  for (const word of before) place.take(word);
  const options = place.options(before.at(-1)?.text)
    .filter((option) => option.text.toLowerCase().startsWith(begun.toLowerCase()) && option.text !== begun);
  return { from: cursor - begun.length, options };
}

/** A walk through a document up to a place: what is open there, the innermost last. */
class Place {
  constructor(schema, text) {
    Object.assign(this, { schema, text });
    this.open = [{ kind: "document" }];
  }

  get top() { return this.open.at(-1); }

  take(word) {
    const { top } = this;
    if ([")", "]", "}"].includes(word.text) && word.kind === "punctuator") {
      if (this.open.length > 1) this.open.pop();
      // What was open was a value, or belonged to what stands before it.
      this.top.awaits = undefined;
      return;
    }
    this[top.kind](top, word);
  }

  push(kind, more) { this.open.push({ kind, ...more }); }

  /** After an at sign: a directive, whatever it stands at. Returns whether the word belongs to one. */
  directive(top, { text, kind }) {
    if (text === "@") top.awaits = "directive";
    else if (top.awaits === "directive" && kind === "name") {
      top.arguments = this.schema.directives.find(({ name }) => name === text)?.args;
      top.awaits = undefined;
    } else if (text === "(" && top.arguments) {
      this.push("values", { inputs: top.arguments });
      top.arguments = undefined;
    } else return false;
    return true;
  }

  document(top, word) {
    if (word.text === "{") {
      this.push("selection", { type: top.root ?? this.schema.roots.query });
      top.root = undefined;
    } else if (word.text === "(" && !top.arguments) this.push("variables");
    else if (this.directive(top, word)) return;
    else if (top.awaits === "condition") {
      top.root = word.text;
      top.awaits = undefined;
    } else if (word.text === "on") top.awaits = "condition";
    else if (word.text in this.schema.roots) top.root = this.schema.roots[word.text];
  }

  variables(top, { text }) {
    top.awaits = text === ":" || (text === "[" && top.awaits === "type") ? "type" : undefined;
  }

  selection(top, word) {
    if (word.text === "(" && !top.arguments) this.push("values", { inputs: top.field?.args ?? [] });
    else if (this.directive(top, word)) return;
    else if (word.text === "{") this.push("selection", { type: top.condition ?? innermost(top.field?.type) ?? top.type });
    else if (word.text === "...") Object.assign(top, { awaits: "spread", field: undefined, condition: undefined });
    else if (word.text === ":") top.awaits = undefined;
    else if (top.awaits === "spread") top.awaits = word.text === "on" ? "condition" : undefined;
    else if (top.awaits === "condition") Object.assign(top, { awaits: undefined, condition: word.text });
    else Object.assign(top, { field: this.schema.field(top.type, word.text), condition: undefined });
  }

  /** Arguments and fields of input objects: names with values. */
  values(top, { text, kind }) {
    if (top.awaits === "value" || top.awaits === "variable") {
      const type = innermost(top.input?.type);
      top.awaits = text === "$" ? "variable" : undefined;
      if (text === "[") this.push("list", { input: top.input });
      if (text === "{") this.push("values", { inputs: this.schema.type(type)?.inputFields ?? [] });
    } else if (text === ":") top.awaits = "value";
    else if (kind === "name") top.input = top.inputs.find(({ name }) => name === text);
  }

  list(top, { text }) {
    if (text === "[") this.push("list", { input: top.input });
    if (text === "{") this.push("values", { inputs: this.schema.type(innermost(top.input?.type))?.inputFields ?? [] });
  }

  // ------------------------------------------------------------ what may stand here

  options(before) {
    const { top, schema } = this;
    if (before === "@") return schema.directives.map(({ name, description }) => ({ text: name, about: description }));
    if (before === "$" && top.kind !== "variables") return this.variableNames();
    switch (top.kind) {
      case "document":
        if (top.awaits === "condition") return this.typeNames((type) => schema.isComposite(type));
        return top.root ? [] : named(["query", "fragment", ...(schema.roots.mutation ? ["mutation"] : [])]);
      case "variables": return top.awaits === "type" ? this.typeNames((type) => schema.isInput(type)) : [];
      case "selection": return this.selectable(top);
      case "values":
        if (top.awaits !== "value") return top.inputs.map(described);
        return this.valuesOf(top.input?.type);
      default: return this.valuesOf(top.input?.type);
    }
  }

  selectable(top) {
    if (top.awaits === "condition") return this.typeNames((type) => this.schema.isComposite(type));
    if (top.awaits === "spread") {
      const fragments = [...this.text.matchAll(/\bfragment\s+(\w+)/g)].map(([, name]) => name);
      return named(["on", ...fragments]);
    }
    const type = this.schema.type(top.type);
    if (!type) return [];
    const meta = top.type === this.schema.roots.query ? ["__schema", "__type"] : [];
    return [...(type.fields ?? []).map(described), ...named(["__typename", ...meta])];
  }

  valuesOf(type) {
    const inner = this.schema.type(innermost(type));
    const values = inner?.kind === "ENUM" ? inner.enumValues.map(({ name, description }) => ({ text: name, about: description })) : [];
    return [...values, ...named(inner?.name === "Boolean" ? ["true", "false"] : [])];
  }

  variableNames() { return named([...new Set([...this.text.matchAll(/\$(\w+)\s*:/g)].map(([, name]) => name))]); }

  typeNames(isWanted) {
    return [...this.schema.types.values()].filter((type) => isWanted(type) && !type.name.startsWith("__"))
      .map(({ name, description }) => ({ text: name, about: description }));
  }
}

const named = (names) => names.map((text) => ({ text }));
const described = ({ name, type, description }) => ({ text: name, about: [written(type), description].filter(Boolean).join(" · ") });
