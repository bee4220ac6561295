// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
// The page: runs queries, shows what came of them, and keeps a history.

import { byId, el } from "./dom.js";
import { Editor } from "./editor.js";
import { Schema } from "./completion.js";
import { Documentation } from "./documentation.js";
import { offsetOf, operations } from "./language.js";
import { pictures } from "./days.js";

const KEPT = 50;
const FIRST = `# Ctrl+Space tells what may stand where the cursor is.
{
  users(first: 10) {
    edges {
      node {
        name
        email
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;
const INTROSPECTION = `query Introspection {
  __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types {
      kind name description specifiedByURL
      fields(includeDeprecated: true) {
        name description args { ...Input } type { ...Type } isDeprecated deprecationReason
      }
      inputFields { ...Input }
      enumValues(includeDeprecated: true) { name description }
      possibleTypes { name }
    }
    directives { name description args { ...Input } }
  }
}
fragment Input on __InputValue { name description type { ...Type } defaultValue }
fragment Type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

let schema;
/** Whether what is shown came with a link: then it is no draft, and the one that is kept stays. */
let isLinked = false;
const editor = new Editor(() => schema, () => edited());
const variables = byId("variables");

/** What a browser keeps may be switched off. */
const store = {
  read(name, otherwise) {
    try { return JSON.parse(localStorage.getItem(`graphql.${name}`)) ?? otherwise; } catch { return otherwise; }
  },
  write(name, value) {
    try { localStorage.setItem(`graphql.${name}`, JSON.stringify(value)); } catch { /* then it is not kept */ }
  },
};

async function send(body) {
  const response = await fetch("graphql", {
    method: "POST", cache: "no-store", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json" },
  });
  return { response, answer: await response.json() };
}

// ---------------------------------------------------------------- running

async function run() {
  const button = byId("request").querySelector("[type=submit]");
  const body = { query: editor.text };
  showErrors([]);
  if (!byId("operations").hidden) body.operationName = byId("operation").value;
  try {
    if (variables.value.trim()) body.variables = JSON.parse(variables.value);
  } catch (error) {
    return showErrors([{ message: `The variables are no JSON: ${error.message}` }], variables);
  }
  button.disabled = true;
  const start = performance.now();
  try {
    const { response, answer } = await send(body);
    const time = `${Math.round(performance.now() - start)} ms`;
    show(response, answer, time);
    remember(body);
  } catch (error) {
    status("bad", `No answer: ${error.message}`);
  } finally {
    button.disabled = false;
  }
}

function show(response, answer, time) {
  const isProblem = !("data" in answer) && !("errors" in answer);
  const errors = isProblem ? [{ message: [answer.title, answer.detail].filter(Boolean).join(": ") }] : answer.errors ?? [];
  const name = { 200: "OK", 294: "Partial success" }[response.status] ?? response.statusText;
  const flaws = errors.length ? `, ${errors.length} ${errors.length === 1 ? "error" : "errors"}` : "";
  status(errors.length ? "bad" : "good", `${response.status} ${name} in ${time}${flaws}`);
  byId("answer").textContent = JSON.stringify(answer, null, 2);
  byId("answer").hidden = false;
  byId("pictures").replaceChildren(...pictures(answer.data));
  showErrors(errors);
}

function status(look, text) {
  byId("status").className = look;
  byId("status").textContent = text;
}

/** The errors, each with the way to its place in the query. */
function showErrors(errors, field) {
  const placed = errors.map((error) => ({ ...error, offset: error.locations?.[0] && offsetOf(error.locations[0], editor.text) }));
  editor.mark(placed.flatMap(({ offset }) => offset ?? []));
  byId("errors").replaceChildren(...placed.map(({ message, offset, locations, path }) => {
    const text = path ? `${path.join(".")}: ${message}` : message;
    if (offset === undefined) return el("li", {}, text);
    return el("li", {}, el("button", { type: "button", class: "link", click: () => editor.goTo(offset) },
      `Line ${locations[0].line}: ${text}`));
  }));
  field?.focus();
}

// ---------------------------------------------------------------- history

function remember({ query, operationName }) {
  const entry = { query, variables: variables.value, operationName, at: new Date().toISOString() };
  const others = store.read("history", []).filter((other) => other.query !== query || other.variables !== entry.variables);
  store.write("history", [entry, ...others].slice(0, KEPT));
  showHistory();
}

function showHistory() {
  const entries = store.read("history", []);
  const draft = isLinked && store.read("draft");
  const item = (entry, text, ...more) => el("li", {},
    el("button", { type: "button", class: "link", click: () => leaveLink(entry) }, text), ...more);
  byId("forget").hidden = !entries.length;
  byId("history").replaceChildren(...(draft ? [item(draft, "Your draft")] : []),
    ...entries.map((entry) => item(entry, title(entry), el("small", {}, new Date(entry.at).toLocaleString()))));
}

/** Opens something else than the link, which is what the page is about from now on. */
function leaveLink(entry) {
  if (isLinked) history.replaceState(null, "", location.pathname);
  isLinked = false;
  open(entry);
  showHistory();
}

const title = ({ query, operationName }) =>
  operationName ?? query.replace(/#.*/g, "").replace(/\s+/g, " ").trim().slice(0, 80);

function open(entry) {
  editor.text = entry.query;
  variables.value = entry.variables ?? "";
  edited();
  if (entry.operationName) byId("operation").value = entry.operationName;
  byId("query").focus();
}

// ---------------------------------------------------------------- the editor's surroundings

function edited() {
  if (!isLinked) store.write("draft", { query: editor.text, variables: variables.value });
  const names = operations(editor.text);
  const select = byId("operation");
  const chosen = select.value;
  byId("operations").hidden = names.length < 2;
  select.replaceChildren(...names.map((name) => el("option", { value: name }, name)));
  if (names.includes(chosen)) select.value = chosen;
}

async function share(button) {
  const query = new URLSearchParams({ query: editor.text });
  if (variables.value.trim()) query.set("variables", variables.value);
  const link = `${location.origin}${location.pathname}?${query}`;
  try {
    await navigator.clipboard.writeText(link);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy a link"; }, 2000);
  } catch {
    history.replaceState(null, "", link);
    status("soft", "The address of this page is the link.");
  }
}

byId("request").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
byId("request").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  if (!byId("request").querySelector("[type=submit]").disabled) run();
});
variables.addEventListener("input", edited);
byId("share").addEventListener("click", (event) => share(event.target));
byId("forget").addEventListener("click", () => {
  store.write("history", []);
  showHistory();
});

const asked = new URLSearchParams(location.search);
isLinked = asked.has("query");
open(isLinked ? { query: asked.get("query"), variables: asked.get("variables") } : store.read("draft", { query: FIRST }));
if (isLinked) remember({ query: editor.text });
showHistory();

try {
  const { answer } = await send({ query: INTROSPECTION });
  schema = new Schema(answer.data.__schema);
  new Documentation(schema);
} catch (error) {
  byId("documentation").replaceChildren(el("p", { class: "bad" }, `The schema cannot be read: ${error.message}`));
}
