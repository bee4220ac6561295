// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
// The schema to read: its types, what each has, and the way from one to another.

import { byId, el } from "./dom.js";
import { innermost, written } from "./completion.js";

const content = byId("documentation");

export class Documentation {
  /** The types on the way to the one that is shown. */
  path = [];

  constructor(schema) {
    this.schema = schema;
    byId("search").addEventListener("input", () => this.show());
    this.show();
  }

  show() {
    const wanted = byId("search").value.trim().toLowerCase();
    const name = this.path.at(-1);
    content.replaceChildren(...(wanted ? this.found(wanted) : name ? this.type(this.schema.type(name)) : this.start()));
  }

  go(name) {
    byId("search").value = "";
    this.path.push(name);
    this.show();
    content.focus();
  }

  back() {
    this.path.pop();
    this.show();
    content.focus();
  }

  start() {
    const roots = Object.entries(this.schema.roots).filter(([, name]) => name);
    const others = [...this.schema.types.values()].filter(({ name }) => !name.startsWith("__") && !roots.some(([, root]) => root === name));
    return [
      el("h3", {}, "Where queries begin"), el("ul", {}, ...roots.map(([, name]) => el("li", {}, this.link(name)))),
      el("h3", {}, "All types"), el("ul", {}, ...others.map(({ name }) => el("li", {}, this.link(name)))),
    ];
  }

  found(wanted) {
    const types = [...this.schema.types.values()].filter(({ name }) => !name.startsWith("__"));
    const fields = types.flatMap((type) => (type.fields ?? type.inputFields ?? []).map((field) => [type, field]));
    const hits = [
      ...types.filter(({ name }) => name.toLowerCase().includes(wanted)).map(({ name }) => el("li", {}, this.link(name))),
      ...fields.filter(([, { name }]) => name.toLowerCase().includes(wanted))
        .map(([type, { name }]) => el("li", {}, this.link(type.name), `.${name}`)),
    ];
    return hits.length ? [el("ul", {}, ...hits)] : [el("p", { class: "soft" }, "Nothing has such a name.")];
  }

  type(type) {
    const back = this.path.at(-2) ?? "all types";
    return [
      el("button", { type: "button", class: "link", click: () => this.back() }, `← ${back}`),
      el("h3", {}, type.name, el("span", { class: "soft" }, ` ${type.kind.toLowerCase().replace("_", " ")}`)),
      ...prose(type.description),
      type.specifiedByURL ? el("p", {}, "As in ", el("code", {}, type.specifiedByURL)) : null,
      this.members(type.fields ?? type.inputFields),
      type.enumValues ? el("dl", {}, ...type.enumValues.flatMap((value) =>
        [el("dt", {}, el("code", {}, value.name)), el("dd", {}, ...prose(value.description))])) : null,
      type.possibleTypes ? el("ul", {}, ...type.possibleTypes.map(({ name }) => el("li", {}, this.link(name)))) : null,
    ].filter(Boolean);
  }

  members(fields) {
    if (!fields) return null;
    return el("dl", {}, ...fields.flatMap((field) => [
      el("dt", {}, el("code", { class: field.isDeprecated ? "old" : null }, field.name), this.parameters(field.args), ": ",
        this.typeLink(field.type), field.defaultValue == null ? null : ` = ${field.defaultValue}`),
      el("dd", {}, ...prose(field.description),
        field.isDeprecated ? el("p", { class: "soft" }, `Deprecated: ${field.deprecationReason}`) : null),
    ]));
  }

  parameters(inputs) {
    if (!inputs?.length) return null;
    const parts = inputs.flatMap((input) => [", ", el("span", { title: input.description }, `${input.name}: `), this.typeLink(input.type),
      input.defaultValue == null ? null : ` = ${input.defaultValue}`]).slice(1);
    return el("span", {}, "(", ...parts.filter((part) => part !== null), ")");
  }

  typeLink(type) { return this.link(innermost(type), written(type)); }

  link(name, text = name) {
    return el("button", { type: "button", class: "link", click: () => this.go(name) }, text);
  }
}

/** A description: paragraphs, with code between backticks. */
function prose(text) {
  return (text ?? "").split("\n\n").filter(Boolean).map((paragraph) =>
    el("p", {}, ...paragraph.split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part))));
}
