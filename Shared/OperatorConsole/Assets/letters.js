// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
//
// Dead letters by reason, what a replay would do, and what was done.

import { byId, el, ask, announce, confirmed, number, timeElement, working, showDetails, json } from "./dom.js";

let shown = [];
let selected = new Set();
/** The buttons that do something with what is selected. */
let changes = [];

export function beginLetters() {
  byId("letters-form").addEventListener("submit", (event) => {
    event.preventDefault();
    byId("receipts").replaceChildren();
    working(event.submitter, () => look(false));
  });
  byId("letters-preview").addEventListener("click", (event) => working(event.target, () => look(true)));
  byId("letters-model").addEventListener("change", () => byId("letters").replaceChildren());
}

/** Comes from a link that names a read model, and looks at once. */
export function noteLetters(model) {
  byId("letters-model").value = model;
  // Which read models there are comes with the first snapshot.
  if (byId("letters-model").value) byId("letters-form").requestSubmit(byId("letters-look"));
}

async function look(wantsPreview) {
  const model = byId("letters-model").value;
  const { letters, total } = await ask(`dead-letters/${model}${wantsPreview ? "?preview=on" : ""}`);
  shown = letters;
  selected = new Set([...selected].filter((id) => letters.some((letter) => letter.id === id)));
  show(model, total, wantsPreview);
  announce(total === 1 ? "1 letter" : `${number(total)} letters`);
}

function show(model, total, hasPreview) {
  if (!shown.length) {
    byId("letters").replaceChildren(el("p", {}, `${model} has no dead letters.`));
    return;
  }
  changes = ["replay", "discard"].map((action) => el("button", { type: "button", class: action === "replay" ? null : "quiet",
    click: (event) => change(model, action, event.target) }, action === "replay" ? "Replay the selected" : "Discard the selected"));
  const buttons = el("p", { class: "buttons" }, ...changes, el("span", { id: "selected", class: "soft" }));
  byId("letters").replaceChildren(
    total > shown.length ? el("p", {}, `The first ${number(shown.length)} of ${number(total)}; the others come behind these.`) : "",
    buttons, ...[...byReason(shown)].map(([reason, letters]) => group(model, reason, letters, hasPreview)));
  count();
}

function byReason(letters) {
  const found = new Map();
  for (const letter of letters) {
    const reason = letter.reason ?? "unknown";
    found.set(reason, [...(found.get(reason) ?? []), letter]);
  }
  return found;
}

function group(model, reason, letters, hasPreview) {
  const boxes = [];
  const all = el("input", { type: "checkbox", "aria-label": `All letters with the reason ${reason}`, change: () => {
    for (const box of boxes) if (box.checked !== all.checked) box.click();
  } });
  const rows = letters.map((letter) => {
    const box = el("input", { type: "checkbox", "aria-label": `Letter ${letter.id}`, change: () => {
      if (box.checked) selected.add(letter.id); else selected.delete(letter.id);
      count();
    } });
    box.checked = selected.has(letter.id);
    boxes.push(box);
    return el("tr", {}, el("td", {}, box), el("td", {}, el("code", {}, letter.type ?? "?")),
      el("td", { class: "number" }, letter.version ?? "?"), el("td", {}, letter.error ?? ""),
      el("td", { class: "number" }, letter.attempts ?? "?"),
      el("td", { class: "time" }, letter.failedAt ? timeElement(letter.failedAt) : "?"),
      hasPreview ? el("td", { class: letter.preview.outcome === "applied" ? "good" : null },
        `${words[letter.preview.outcome]}: ${letter.preview.detail}`) : null,
      el("td", {}, el("button", { type: "button", class: "link", click: (event) => showLetter(model, letter, event.target) }, "Show")));
  });
  all.checked = boxes.every((box) => box.checked);
  return el("section", { class: "card" }, el("h3", {}, `${reason} (${number(letters.length)})`),
    meanings[reason] ? el("p", { class: "soft" }, meanings[reason]) : null,
    el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, all),
      el("th", { scope: "col" }, "Event"), el("th", { scope: "col", class: "number" }, "Version"), el("th", { scope: "col" }, "What is wrong"),
      el("th", { scope: "col", class: "number" }, "Attempts"), el("th", { scope: "col" }, "Put aside"),
      hasPreview ? el("th", { scope: "col" }, "A replay now") : null, el("th", { scope: "col" }, "Content"))),
    el("tbody", {}, ...rows))));
}

const words = { applied: "✓ would be applied", repeat: "a repeat, safe to replay or to discard", "put-aside": "would be put aside again", refused: "would be refused" };

const meanings = {
  "not-an-event": "The message lacks the headers that make it an event of this system.",
  "invalid-envelope": "A header of the event cannot be read.",
  "unknown-type": "This consumer knows no event of that type; a newer one may.",
  "unknown-schema": "This consumer knows the event's type, but not that version of it; a newer one may.",
  "invalid-data": "The event's data is not what its type promises.",
  "missing-versions": "Earlier events of its stream are missing, or cannot be applied.",
  "not-applicable": "The event is understood, but its document cannot take what follows from it.",
};

function count() {
  byId("selected").textContent = `${number(selected.size)} selected`;
  for (const button of changes) button.disabled = !selected.size;
}

function showLetter(model, letter, button) {
  return working(button, async () => {
    const whole = await ask(`dead-letters/${model}/letters/${encodeURIComponent(letter.id)}`);
    showDetails(`Letter ${letter.id}`, el("pre", { tabindex: "0" }, json(whole)));
  });
}

async function change(model, action, button) {
  const ids = [...selected];
  const letters = ids.length === 1 ? "1 letter" : `${number(ids.length)} letters`;
  const isSure = await confirmed(
    action === "replay" ? `Replay ${letters}?` : `Discard ${letters} for good?`,
    action === "replay" ? "Each goes back to the queue it came from, and is removed here once the broker has confirmed it. Whether it was applied then, One entity shows."
      : "What is discarded cannot be brought back, and the streams of these events stay where they are.");
  if (!isSure) return;
  await working(button, async () => {
    const receipts = await ask(`dead-letters/${model}/${action}`, { ids });
    const done = receipts.filter((receipt) => ["replayed", "discarded"].includes(receipt.outcome)).length;
    selected.clear();
    showReceipts(receipts);
    await look(false);
    announce(`${number(done)} of ${letters} ${action === "replay" ? "replayed" : "discarded"}`);
  });
}

function showReceipts(receipts) {
  const title = el("h3", { tabindex: "-1" }, "Receipts");
  byId("receipts").replaceChildren(title, el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ...["Outcome", "Letter", "Event", "Stream", "Detail"].map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, ...receipts.map((receipt) => el("tr", {},
      el("td", { class: ["replayed", "discarded"].includes(receipt.outcome) ? "good" : "bad" }, receipt.outcome),
      el("td", {}, el("code", {}, receipt.id)), el("td", {}, receipt.type ?? "?"),
      el("td", {}, el("code", {}, receipt.stream ? `${receipt.stream}, version ${receipt.version ?? "?"}` : "?")),
      el("td", {}, receipt.detail ?? "")))))));
  title.focus();
}
