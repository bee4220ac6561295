// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
//
// One entity: its events, what each made of its document, and how far each has come.

import { byId, el, ask, json, number, milliseconds, timeElement, announce, working } from "./dom.js";

let looking;
let dead = new Map();

/** How many letters each read model has now: one of them may be why an entity stands still. */
export function noteDeadLetters(models) { dead = new Map(models.map((model) => [model.name, model.dead])); }

export function beginEntity() {
  byId("entity-form").addEventListener("submit", (event) => {
    event.preventDefault();
    working(event.submitter, () => find());
  });
}

async function find() {
  clearTimeout(looking);
  const model = byId("entity-model").value;
  const key = byId("entity-key").value.trim();
  byId("journey").replaceChildren();
  let journey;
  try {
    journey = await ask(`entities/${model}?key=${encodeURIComponent(key)}`);
  } catch (error) {
    byId("journey").replaceChildren(el("p", {}, error.message));
    return;
  }
  const view = new Journey(model, journey);
  byId("journey").replaceChildren(view.element);
  announce(`${journey.events.length} events`);
  view.watch();
}

class Journey {
  constructor(model, journey) {
    this.model = model;
    this.stream = journey.stream;
    this.begun = Date.parse(journey.at);
    this.rows = new Map();
    this.body = el("tbody");
    this.more = el("button", { type: "button", class: "quiet", hidden: true,
      click: (event) => working(event.target, () => this.loadMore()) }, "Later events");
    this.letters = el("p", { class: "bad" });
    this.element = el("div", {},
      el("p", {}, "Stream ", el("code", {}, journey.stream)), this.letters,
      el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {},
        el("th", { scope: "col", class: "number first" }, "Version"), el("th", { scope: "col" }, "Event"),
        el("th", { scope: "col" }, "Stored"), el("th", { scope: "col" }, "Published"),
        ...journey.readModels.map((each) => el("th", { scope: "col" }, `Visible in ${each.name}`)),
        el("th", { scope: "col" }, "Document"))), this.body)), this.more);
    this.columns = journey.readModels.length + 5;
    this.take(journey);
  }

  /** Takes in what is known now; what was not there at the last look has come meanwhile. */
  take(journey) {
    const now = Date.parse(journey.at);
    for (const event of journey.events) {
      const row = this.rows.get(event.version) ?? this.addRow(event);
      const steps = [event.isPublished, ...journey.readModels.map((model) => model.version >= event.version)];
      steps.forEach((isDone, index) => {
        const cell = row.cells[index];
        if (cell.dataset.done === String(isDone)) return;
        const isSeen = isDone && cell.dataset.done === "false";
        cell.dataset.done = isDone;
        cell.className = isDone ? "come good" : "come";
        // How long it took is only known of what has come under our eyes.
        const after = isSeen ? ` after ${milliseconds(Math.max(0, now - Date.parse(event.recordedAt)))} at most` : "";
        cell.textContent = isDone ? `✓ yes${after}` : "… not yet";
      });
      row.isComplete = steps.every(Boolean);
    }
    this.letters.replaceChildren(...journey.readModels.filter((model) => dead.get(model.name)).flatMap((model) => [
      el("a", { href: `#letters/${model.name}` }, `▲ ${model.name} has ${number(dead.get(model.name))} dead letters`), ": one may be of this stream. "]));
    const last = journey.events.at(-1)?.version ?? 0;
    // A look at rows that are here already says nothing of what is behind them.
    if (last < (this.last ?? 0)) return;
    this.last = last || this.last;
    this.next = journey.next;
    this.more.hidden = !journey.next;
  }

  addRow(event) {
    const cells = Array.from({ length: this.columns - 4 }, () => el("td", { class: "come" }));
    const button = el("button", { type: "button", class: "link", "aria-expanded": "false",
      click: () => this.toggle(event, button, row) }, "Before and after");
    const row = { cells, element: el("tr", {}, el("td", { class: "number" }, number(event.version)),
      el("td", {}, el("code", {}, event.type)), el("td", { class: "time" }, timeElement(event.recordedAt)), ...cells,
      el("td", {}, button)) };
    this.rows.set(event.version, row);
    this.body.append(row.element);
    return row;
  }

  async toggle(event, button, row) {
    if (row.details) {
      row.details.remove();
      row.details = undefined;
      button.setAttribute("aria-expanded", "false");
      return;
    }
    await working(button, async () => {
      const step = await ask(`entities/${this.model}/${encodeURIComponent(this.stream)}/${event.version}`);
      row.details = el("tr", {}, el("td", { colspan: String(this.columns) }, showStep(step)));
      row.element.after(row.details);
      button.setAttribute("aria-expanded", "true");
    });
    button.focus();
  }

  async loadMore() {
    const key = encodeURIComponent(this.stream);
    this.take(await ask(`entities/${this.model}?key=${key}&after=${this.next}`));
  }

  /** Looks again while something is still on its way, and now and then for new events. */
  watch() {
    const isOnItsWay = [...this.rows.values()].some((row) => !row.isComplete);
    looking = setTimeout(async () => {
      if (!this.element.isConnected) return;
      if (!byId("view-entity").hidden && (isOnItsWay || !this.next)) {
        const key = encodeURIComponent(this.stream);
        const after = [...this.rows].find(([, row]) => !row.isComplete)?.[0] ?? (this.last ?? 0) + 1;
        const position = after > 1 ? `&after=${after - 1}` : "";
        try { this.take(await ask(`entities/${this.model}?key=${key}${position}`)); } catch { /* the next look may succeed */ }
      }
      this.watch();
    }, isOnItsWay ? 500 : 2000);
  }
}

function showStep(step) {
  const [before, after] = [lines(step.before), lines(step.after)];
  const part = (title, content) => el("div", {}, el("h3", {}, title), content);
  const marked = (own, others, isGone) => el("pre", { tabindex: "0" },
    ...own.map((text) => (others.includes(text) ? `${text}\n` : el("mark", { class: isGone ? "gone" : null }, text))));
  return el("div", { class: "diff" },
    part("Event", el("pre", { tabindex: "0" }, json(step.data))),
    part("Before", step.before ? marked(before, after, true) : el("p", { class: "soft" }, "There was no document.")),
    part("After", step.flaw ? el("p", { class: "bad" }, `It cannot be applied: ${step.flaw}`)
      : marked(after, before, false)));
}

const lines = (value) => (value ? json(value).split("\n").map((text) => text.replace(/,$/, "")) : []);
