// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
//
// The page as a whole: which view is shown, and the stream of snapshots.

import { byId, el, fillSelect, ask, timeElement, announce } from "./dom.js";
import { showFlow, showRecent, forgetRates, explain } from "./flow.js";
import { beginEntity, noteDeadLetters } from "./entity.js";
import { beginLetters, noteLetters } from "./letters.js";
import { showProjections } from "./projections.js";

const views = ["flow", "live", "entity", "letters", "projections", "actions"];

// ---------------------------------------------------------------- views

function showView(isFirst) {
  const [name, argument] = location.hash.slice(1).split("/");
  const shown = views.includes(name) ? name : "flow";
  for (const view of views) byId(`view-${view}`).hidden = view !== shown;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${shown}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${byId(`title-${shown}`).textContent} · Console`;
  if (shown === "actions") showActions();
  if (shown === "letters" && argument) noteLetters(argument);
  if (shown === "flow" && argument) {
    explain(argument);
    // The same link works again.
    history.replaceState(null, "", "#flow");
  } else if (!isFirst) {
    // A reader of the screen goes on where the new view begins.
    byId("main").focus();
  }
  if (latest) showSnapshot(latest);
}

async function showActions() {
  try {
    const actions = await ask("actions");
    byId("actions").replaceChildren(...actions.map((action) => el("tr", {},
      el("td", { class: "time" }, timeElement(action.at)), el("td", {}, action.who),
      el("td", {}, action.letters ? `${action.action} of ${action.letters}` : action.action),
      el("td", {}, action.readModel), el("td", {}, action.outcome ?? "under way, or cut short"),
      el("td", {}, el("code", {}, action.requestId)))));
    if (!actions.length) byId("actions").append(el("tr", {}, el("td", { colspan: "6" }, "Nothing was done so far.")));
  } catch (error) {
    announce(error.message);
  }
}

// ---------------------------------------------------------------- the stream

let source;
let latest;
let lastHeard = 0;

function state(name, text) {
  const element = byId("connection");
  if (element.textContent === text) return;
  element.dataset.state = name;
  element.textContent = text;
}

function open() {
  state("connecting", "Connecting …");
  forgetRates();
  source?.close();
  const own = new EventSource("console/api/flow");
  source = own;
  own.addEventListener("snapshot", (event) => {
    lastHeard = performance.now();
    state("open", "Live");
    latest = JSON.parse(event.data);
    showSnapshot(latest);
  });
  own.addEventListener("error", () => {
    if (source !== own) return;
    state("broken", "Cut off, trying again");
    // A browser gives up for good when the answer was no stream.
    if (own.readyState === EventSource.CLOSED) setTimeout(() => { if (source === own) open(); }, 2000);
  });
}

function close() {
  source.close();
  source = undefined;
  state("paused", "Paused");
}

byId("pause").addEventListener("click", () => {
  if (source) close(); else open();
  byId("pause").textContent = source ? "Pause" : "Go on";
});

// Silence is no sign of health: a connection may be dead without anybody saying so.
setInterval(() => {
  if (source && lastHeard && performance.now() - lastHeard > 5000) state("broken", "Silent for a while");
}, 1000);

function showSnapshot(snapshot) {
  const names = snapshot.readModels.map((model) => model.name);
  for (const select of ["entity-model", "letters-model"]) fillSelect(byId(select), names);
  noteDeadLetters(snapshot.readModels);
  // Only what is seen is drawn.
  if (!byId("view-flow").hidden) showFlow(snapshot);
  showRecent(snapshot, !byId("view-live").hidden);
  if (!byId("view-projections").hidden) showProjections(snapshot);
}

beginEntity();
beginLetters();
addEventListener("hashchange", () => showView(false));
showView(true);
open();
