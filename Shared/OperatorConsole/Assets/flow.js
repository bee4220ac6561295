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

function arrow(perSecond) {
  const speed = perSecond > 100 ? " moving quick" : perSecond > 0.05 ? " moving" : "";
  return el("div", { class: `arrow${speed}`, "aria-hidden": "true" }, el("i"));
}

const stage = (title, big, unit, ...rest) => el("div", { class: "stage" }, el("h3", {}, title),
  el("p", { class: "big" }, big, " ", el("small", {}, unit)), ...rest);

let shownSnapshot;

export function showFlow(snapshot) {
  // Another view may have been shown meanwhile: the same snapshot counts once.
  if (shownSnapshot === snapshot.at) return;
  shownSnapshot = snapshot.at;
  const { write, own } = snapshot;
  const applied = snapshot.readModels.reduce((sum, model) => sum + (model.changesPerSecond ?? 0), 0);
  byId("diagram").replaceChildren(
    write
      ? stage("Commands", rate(write.commitsPerSecond), "a second",
        el("p", { class: "soft" }, `accepted by ${write.writers === 1 ? "1 service" : `${number(write.writers)} services`}`),
        line("commits", write.commitsPerSecond, "Commands a second"))
      : stage("Commands", "?", "", el("p", { class: "bad" }, snapshot.writeTrouble ?? "not looked at yet")),
    arrow(write?.commitsPerSecond ?? 0),
    write
      ? stage("To be published", number(write.backlog), write.backlog === 1 ? "commit" : "commits",
        el("p", { class: "soft" }, write.oldestMs === undefined ? "nothing waits" : `at most; the oldest waits for ${milliseconds(write.oldestMs)}`))
      : stage("To be published", "?", ""),
    arrow(write?.commitsPerSecond ?? 0),
    el("div", { class: "stage" }, el("h3", {}, "Queues and read models"), lanes(snapshot)),
    arrow(Math.max(applied, own.readsPerSecond)),
    stage("Reads", rate(own.readsPerSecond), "a second",
      el("p", { class: "soft" }, `${rate(own.hitsPerSecond)} a second from memory; this query service alone`),
      line("reads", own.readsPerSecond, "Reads a second")));
  showZeros(snapshot);
  byId("own").textContent = `This query service: ${Math.round(own.processorShare * 100)} % of a processor, `
    + `${number(own.residentBytes / 1048576)} MiB, ${number(own.watchers)} ${own.watchers === 1 ? "console" : "consoles"} open.`;
}

function lanes(snapshot) {
  const most = Math.max(100, ...snapshot.readModels.map((model) => model.ready ?? 0));
  const rows = snapshot.readModels.map((model) => el("tr", {},
    el("th", { scope: "row" }, el("a", { href: "#projections" }, model.name)),
    el("td", { class: "number" }, model.ready === undefined ? "?" : number(model.ready), bar((model.ready ?? 0) / most)),
    el("td", { class: "number" }, model.retrying === undefined ? "?" : number(model.retrying)),
    el("td", { class: "number" }, model.changesPerSecond === undefined ? "–" : rate(model.changesPerSecond)),
    el("td", { class: "number" }, lag(model))));
  return el("div", { class: "scroll" }, el("table", { class: "lanes" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Read model"), el("th", { scope: "col", class: "number" }, "In the queue"),
      el("th", { scope: "col", class: "number" }, "Retrying"), el("th", { scope: "col", class: "number" }, "Changes/s"),
      el("th", { scope: "col", class: "number" }, "Visible after"))),
    el("tbody", {}, ...rows)));
}

export function lag(model) {
  if (model.changesPerSecond === undefined) return "–";
  return model.lagMs === undefined ? "idle" : milliseconds(model.lagMs);
}

function bar(share) {
  const fill = el("i");
  fill.style.width = `${Math.min(100, Math.round(share * 100))}%`;
  return el("span", { class: "bar", "aria-hidden": "true" }, fill);
}

// ---------------------------------------------------------------- what should be zero

function showZeros(snapshot) {
  const models = snapshot.readModels;
  const sum = (value) => models.reduce((total, model) => total + (value(model) ?? 0), 0);
  const named = (wanted) => models.filter(wanted).map((model) => model.name).join(", ");
  const known = models.some((model) => model.dead !== undefined);
  const orphans = (model) => (model.queues ?? []).filter((queue) => queue.isWithoutConsumer).length;
  const withDead = models.filter((model) => model.dead);
  const zeros = [
    ["Dead letters", known ? sum((model) => model.dead) : undefined, named((model) => model.dead),
      withDead.length ? `#letters/${withDead[0].name}` : "#letters", "put aside with a reason"],
    ["Queues without a consumer", known ? sum(orphans) : undefined, named(orphans),
      "#projections", "nobody feeds the read model: is a consumer running?"],
    ["Not published", snapshot.write?.setAside, "the broker does not take these commits: see the log of command-api",
      "#flow", "commits that were set aside"],
    ["Unrouted messages", snapshot.unrouted, "look into the queue domain_events.unrouted", "#flow",
      "for which no queue is bound"],
    ["Caches cut off", models.filter((model) => model.isFollowing === false).length, named((model) => model.isFollowing === false),
      "#projections", "each query asks the database"],
    ["Not answering", (snapshot.writeTrouble ? 1 : 0) + (snapshot.brokerTrouble ? 1 : 0),
      [snapshot.writeTrouble && `event store: ${snapshot.writeTrouble}`, snapshot.brokerTrouble && `broker: ${snapshot.brokerTrouble}`]
        .filter(Boolean).join("; "), "#flow", "event store and broker"],
  ];
  const list = byId("zeros");
  const focused = [...list.querySelectorAll("a")].indexOf(document.activeElement);
  list.replaceChildren(...zeros.map(([name, count, where, link, meaning]) => el("li", {},
    el("a", { href: link, class: count ? "trouble" : null },
      el("strong", { class: count === 0 ? "good" : null }, count === undefined ? "?" : count ? `▲ ${number(count)}` : "0"), name, el("br"),
      el("small", {}, (count && where) || meaning)))));
  if (focused >= 0) list.querySelectorAll("a")[focused]?.focus();
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
