// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
// Pictures of an answer's statistics by day.

import { el, svg } from "./dom.js";

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** A picture for each list `days` of an answer. */
export function pictures(data) {
  return found(data, []).map(({ path, days }) => picture(path, days)).filter(Boolean);
}

function found(value, path) {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, part]) =>
    name === "days" && Array.isArray(part) ? [{ path, days: part }] : found(part, [...path, name]));
}

function picture(path, days) {
  const entries = days.filter((day) => day !== null && typeof day === "object");
  const dated = Object.keys(entries[0] ?? {}).find((name) => /^\d{4}-\d\d-\d\d/.test(entries[0][name]));
  const series = Object.keys(entries[0] ?? {}).filter((name) => entries.some((day) => typeof day[name] === "number"));
  if (!dated || !series.length) return null;
  // Whichever order they come in, time goes to the right.
  entries.sort((a, b) => String(a[dated]).localeCompare(String(b[dated])));
  const [first, last] = [entries[0][dated], entries.at(-1)[dated]];
  return el("figure", {}, el("figcaption", {}, `${path.join(".")}, by day`),
    ...series.flatMap((name) => bars(name, entries, dated)),
    el("div", { class: "axis" }, el("span", {}, first), el("span", {}, last)));
}

function bars(name, entries, dated) {
  const values = entries.map((day) => day[name] ?? 0);
  const most = Math.max(...values, 0);
  const total = values.reduce((sum, value) => sum + value, 0);
  const width = 100 / values.length;
  const text = `${name}: at most ${number.format(most)} a day, ${number.format(total)} in ${values.length} days`;
  return [
    el("p", { class: "series" }, text),
    svg("svg", { viewBox: "0 0 100 40", preserveAspectRatio: "none", role: "img", "aria-label": text },
      ...values.map((value, index) => {
        const height = most ? Math.max(40 * value / most, 0) : 0;
        return svg("rect", { x: index * width, y: 40 - height, width: width * 0.85, height },
          svg("title", {}, `${entries[index][dated]}: ${number.format(value)}`));
      })),
  ];
}
