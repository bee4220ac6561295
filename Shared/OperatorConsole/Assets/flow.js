// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
//
// The first screen: the flow as it runs, and what should be zero. And what has just happened.

import { byId, el, number, rate, milliseconds, timeElement, ask, announce, showDetails, json } from "./dom.js";

// ---------------------------------------------------------------- lines of the last minute

const lines = { commits: [], reads: [] };

export function forgetRates() { for (const name in lines) lines[name] = []; }

function line(name, value, text) {
  const values = lines[name];
  values.push(value);
  if (values.length > 60) values.shift();
  const most = Math.max(1, ...values);
  const points = values.map((each, index) => `${index + 60 - values.length},${30 - (28 * each) / most}`);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 59 32");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${text} in the last minute: at most ${rate(most)}`);
  const polyline = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  polyline.setAttribute("points", points.join(" "));
  svg.append(polyline);
  return svg;
}

// ---------------------------------------------------------------- the diagram

// Made once: what moves goes on moving, and what has the focus keeps it.
const stage = (...content) => el("div", { class: "stage" }, ...content);
const arrow = () => el("div", { class: "arrow", "aria-hidden": "true" }, el("i"));
const diagram = {
  commands: stage(), published: stage(), reads: stage(), arrows: [arrow(), arrow(), arrow()], lanes: el("tbody"), rows: new Map(),
};

function beginDiagram() {
  const heading = (text) => el("th", { scope: "col", class: "number" }, text);
  byId("diagram").append(
    diagram.commands, diagram.arrows[0], diagram.published, diagram.arrows[1],
    stage(el("h3", {}, "Queues and read models"), el("div", { class: "scroll" }, el("table", { class: "lanes" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Read model"), heading("In the queue"), heading("Retrying"),
        heading("Changes/s"), heading("Visible after"))), diagram.lanes))),
    diagram.arrows[2], diagram.reads);
}

function fill(stage, title, big, unit, ...rest) {
  stage.replaceChildren(el("h3", {}, title), el("p", { class: "big" }, big, " ", el("small", {}, unit)), ...rest);
}

function move(arrow, perSecond) {
  arrow.className = perSecond > 100 ? "arrow moving quick" : perSecond > 0.05 ? "arrow moving" : "arrow";
}

let shownSnapshot;

export function showFlow(snapshot) {
  // Another view may have been shown meanwhile: the same snapshot counts once.
  if (shownSnapshot === snapshot.at) return;
  if (!shownSnapshot) beginDiagram();
  shownSnapshot = snapshot.at;
  const { write, own } = snapshot;
  const soft = (text) => el("p", { class: "soft" }, text);
  if (write) {
    fill(diagram.commands, "Commands", rate(write.commitsPerSecond), "a second",
      soft(`accepted by ${write.writers === 1 ? "1 service" : `${number(write.writers)} services`}`),
      line("commits", write.commitsPerSecond, "Commands a second"));
    fill(diagram.published, "To be published", number(write.backlog), write.backlog === 1 ? "commit" : "commits",
      soft(write.oldestMs === undefined ? "nothing waits" : `at most; the oldest waits for ${milliseconds(write.oldestMs)}`));
  } else {
    fill(diagram.commands, "Commands", "?", "", el("p", { class: "bad" }, snapshot.writeTrouble ?? "not looked at yet"));
    fill(diagram.published, "To be published", "?", "");
  }
  fill(diagram.reads, "Reads", rate(own.readsPerSecond), "a second",
    soft(`${rate(own.hitsPerSecond)} a second from memory; this query service alone`), line("reads", own.readsPerSecond, "Reads a second"));
  const applied = snapshot.readModels.reduce((sum, model) => sum + (model.changesPerSecond ?? 0), 0);
  move(diagram.arrows[0], write?.commitsPerSecond ?? 0);
  move(diagram.arrows[1], write?.commitsPerSecond ?? 0);
  move(diagram.arrows[2], Math.max(applied, own.readsPerSecond));
  showLanes(snapshot.readModels);
  showZeros(snapshot);
  byId("own").textContent = `This query service: ${Math.round(own.processorShare * 100)} % of a processor, `
    + `${number(own.residentBytes / 1048576)} MiB, ${number(own.watchers)} ${own.watchers === 1 ? "console" : "consoles"} open. `
    + `Times are those of ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`;
}

function showLanes(models) {
  const most = Math.max(100, ...models.map((model) => model.ready ?? 0));
  for (const model of models) {
    let cells = diagram.rows.get(model.name);
    if (!cells) {
      cells = Array.from({ length: 4 }, () => el("td", { class: "number" }));
      diagram.rows.set(model.name, cells);
      diagram.lanes.append(el("tr", {}, el("th", { scope: "row" }, el("a", { href: "#projections" }, model.name)), ...cells));
    }
    const known = (value, text) => (value === undefined ? "?" : text(value));
    cells[0].replaceChildren(known(model.ready, number), bar((model.ready ?? 0) / most));
    cells[1].textContent = known(model.retrying, number);
    cells[2].textContent = model.changesPerSecond === undefined ? "not followed" : rate(model.changesPerSecond);
    cells[3].textContent = lag(model);
  }
}

export function lag(model) {
  if (model.changesPerSecond === undefined) return "not followed";
  return model.lagMs === undefined ? "idle" : milliseconds(model.lagMs);
}

function bar(share) {
  const fill = el("i");
  fill.style.width = `${Math.min(100, Math.round(share * 100))}%`;
  return el("span", { class: "bar", "aria-hidden": "true" }, fill);
}

// ---------------------------------------------------------------- what should be zero

const sum = (models, value) => models.reduce((total, model) => total + (value(model) ?? 0), 0);
const named = (models, wanted) => models.filter(wanted).map((model) => model.name).join(", ");
const orphans = (model) => model.queues?.filter((queue) => queue.isWithoutConsumer).length;
const sumIfKnown = (models, value) => (models.some((model) => value(model) === undefined) ? undefined : sum(models, value));

/** Each with its number, where it is not zero, and a view that has more of it; else what it means, and what to do. */
const zeros = [
  {
    key: "dead", name: "Dead letters", meaning: "put aside with a reason",
    count: (snapshot) => sumIfKnown(snapshot.readModels, (model) => model.dead),
    where: ({ readModels }) => named(readModels, (model) => model.dead),
    link: ({ readModels }) => `#letters/${readModels.find((model) => model.dead)?.name ?? ""}`,
  },
  {
    key: "orphans", name: "Queues without a consumer", meaning: "nobody feeds the read model",
    count: (snapshot) => sumIfKnown(snapshot.readModels, orphans),
    where: ({ readModels }) => named(readModels, orphans),
    help: ["Events wait in the queues of these read models, and queries see them as they were. Nothing is lost.",
      "Is a consumer running, and can it reach the broker? GET /ready on port 9100 of the consumer says what it waits for."],
  },
  {
    key: "aside", name: "Not published", meaning: "commits that were set aside",
    count: ({ write }) => write?.setAside,
    where: () => "the broker does not take them",
    help: ["The broker does not take these events, say because a queue is full or none is bound. They wait in the event store with those that follow them in their streams; all others go on.",
      "The log of command-api says which event and why. Once the cause is mended they are published within a minute."],
  },
  {
    key: "unrouted", name: "Unrouted messages", meaning: "for which no queue is bound",
    count: ({ unrouted }) => unrouted,
    where: () => "in domain_events.unrouted",
    help: ["Nothing is lost: what no queue is bound for is kept in the queue domain_events.unrouted. It is an event type that no read model subscribes to, or a message by hand.",
      "consumer topology check says whether a binding is missing; RabbitMQ's management UI shows the messages."],
  },
  {
    key: "cut", name: "Caches cut off", meaning: "each query asks the database",
    count: ({ readModels }) => readModels.filter((model) => model.isFollowing === false).length,
    where: ({ readModels }) => named(readModels, (model) => model.isFollowing === false),
    help: ["This query service is not told of changes, so it asks the database for each query: answers stay right, and cost more.",
      "It follows again by itself once the broker answers. During a switch of generations this is as it should be, for some seconds."],
  },
  {
    key: "away", name: "Not answering", meaning: "event store and broker",
    count: ({ write, writeTrouble, unrouted, brokerTrouble }) => {
      const count = (writeTrouble ? 1 : 0) + (brokerTrouble ? 1 : 0);
      return count || (write && unrouted !== undefined) ? count : undefined;
    },
    where: ({ writeTrouble, brokerTrouble }) => [writeTrouble && `event store: ${writeTrouble}`, brokerTrouble && `broker: ${brokerTrouble}`]
      .filter(Boolean).join("; "),
    help: ["The console cannot ask one of them: what it shows of it is what it saw last.",
      "Commands are accepted without the broker, and queries answered from memory without the database, as far as they are kept there. CONSOLE_AMQP_URL and CONSOLE_MONGODB_URI say whom the console asks."],
  },
];

function showZeros(snapshot) {
  for (const zero of zeros) {
    if (!zero.element) {
      [zero.number, zero.text, zero.element] = [el("strong"), el("small"), el("a")];
      zero.element.append(zero.number, zero.name, el("br"), zero.text);
      byId("zeros").append(el("li", {}, zero.element));
    }
    const count = zero.count(snapshot);
    zero.element.href = count && zero.link ? zero.link(snapshot) : zero.link ? "#letters" : `#flow/${zero.key}`;
    zero.element.className = count ? "trouble" : "";
    zero.number.className = count === 0 ? "good" : "";
    zero.number.textContent = count === undefined ? "?" : count ? `▲ ${number(count)}` : "0";
    zero.text.textContent = (count && zero.where(snapshot)) || zero.meaning;
  }
}

/** Comes from a link that names what should be zero. */
export function explain(key) {
  const zero = zeros.find((each) => each.key === key);
  if (zero?.help) showDetails(zero.name, ...zero.help.map((text) => el("p", {}, text)));
}

// ---------------------------------------------------------------- what has just happened

const recent = new Map();

export function showRecent(snapshot, isShown) {
  for (const commit of [...snapshot.recent].reverse()) recent.set(commit.ref, commit);
  for (const ref of [...recent.keys()].slice(0, Math.max(0, recent.size - 60))) recent.delete(ref);
  if (!isShown) return;
  const told = snapshot.readModels.filter((model) => model.changesPerSecond > 0.05);
  byId("changes").textContent = told.length
    ? `Changes of read models told: ${told.map((model) => `${model.name} ${rate(model.changesPerSecond)} a second`).join(", ")}.`
    : "No read model changes just now.";
  const body = byId("recent");
  const known = new Map([...body.children].map((row) => [row.dataset.ref, row]));
  const rows = [...recent.values()].sort((a, b) => (a.at < b.at ? 1 : -1))
    .map((commit) => known.get(commit.ref) ?? recentRow(commit));
  // Rows that stay are not taken out, so that the focus stays where it is.
  for (const [ref, row] of known) if (!recent.has(ref)) row.remove();
  rows.forEach((row, index) => {
    if (body.children[index] !== row) body.insertBefore(row, body.children[index] ?? null);
  });
  if (!rows.length) body.replaceChildren(el("tr", {}, el("td", { colspan: "5" }, "Nothing has happened so far.")));
}

function recentRow(commit) {
  const more = commit.events - commit.types.length;
  return el("tr", { "data-ref": commit.ref },
    el("td", { class: "time" }, timeElement(commit.at)), el("td", {}, commit.category),
    el("td", {}, el("code", {}, commit.types.join(", ") + (more > 0 ? ` and ${more} more` : ""))),
    el("td", { class: "number" }, number(commit.version)),
    el("td", {}, el("button", { type: "button", class: "link", click: () => showCommit(commit) }, "Show")));
}

async function showCommit(commit) {
  try {
    const events = await ask(`events/${commit.ref}`);
    showDetails(events[0].stream, ...events.map((event) => el("section", {},
      el("h3", {}, `${event.type}, version ${event.version}`), el("pre", { tabindex: "0" }, json(event)))));
  } catch (error) {
    announce(error.message);
  }
}
