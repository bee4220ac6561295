// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
//
// What the parts of the page share. Text gets into the page as text only.

export const byId = (id) => document.getElementById(id);

/** An element: el("td", { class: "number" }, "7"). Functions become listeners, true an empty attribute. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

export const number = (value) => whole.format(value);
/** A rate: tenths only where they matter. */
export const rate = (value) => (Math.abs(value) < 10 ? tenths : whole).format(Math.abs(value) < 0.05 ? 0 : value);

export function milliseconds(value) {
  if (value < 1000) return `${Math.round(value)} ms`;
  return value < 60000 ? `${tenths.format(value / 1000)} s` : seconds(value / 1000);
}

export function seconds(value) {
  if (value < 60) return `${Math.round(value)} s`;
  if (value < 3600) return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
  return `${Math.floor(value / 3600)} h ${Math.floor((value % 3600) / 60)} min`;
}

/** The time of day of today, else with the date; in the reader's zone. */
export function time(text) {
  const date = new Date(text);
  const clock = date.toLocaleTimeString("en-GB");
  if (date.toDateString() !== new Date().toDateString()) return `${date.toLocaleDateString("en-CA")} ${clock}`;
  return `${clock}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

export const timeElement = (text) => el("time", { datetime: text, title: text }, time(text));

/** Asks the service. Errors say what its problem details say. */
export async function ask(path, body) {
  // No other page can send this field.
  const headers = { "X-Requested-With": "console" };
  const options = body === undefined ? { headers } : {
    method: "POST", body: JSON.stringify(body), headers: { ...headers, "Content-Type": "application/json" },
  };
  let response;
  try {
    response = await fetch(`console/api/${path}`, options);
  } catch {
    throw new Error("The query service does not answer.");
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new Error([answer.title ?? `Status ${response.status}`, answer.detail].filter(Boolean).join(": "));
}

let fading;
/** Says something to everybody, without taking the focus. */
export function announce(text) {
  byId("announcement").textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => { byId("announcement").textContent = ""; }, 8000);
}

/** Runs what a button does; the button waits with it, and errors are said. */
export async function working(button, work) {
  button.disabled = true;
  try {
    return await work();
  } catch (error) {
    announce(error.message);
  } finally {
    button.disabled = false;
  }
}

export const json = (value) => JSON.stringify(value, null, 2);

/** Shows something over the page until it is closed. */
export function showDetails(title, ...content) {
  byId("details-title").textContent = title;
  byId("details-content").replaceChildren(...content);
  byId("details").showModal();
}

/** Asks a question, and waits for the answer. */
export function confirmed(title, text) {
  const dialog = byId("question");
  byId("question-title").textContent = title;
  byId("question-text").textContent = text;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** Puts names into a select, once, and keeps what is chosen. */
export function fillSelect(select, names) {
  if (select.options.length === names.length) return;
  const chosen = select.value;
  select.replaceChildren(...names.map((name) => el("option", { value: name }, name)));
  if (names.includes(chosen)) select.value = chosen;
}
