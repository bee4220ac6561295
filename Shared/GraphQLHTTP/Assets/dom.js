// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
// What the parts of the page share. Text gets into the page as text only.

export const byId = (id) => document.getElementById(id);

/** An element: el("td", { class: "number" }, "7"). Functions become listeners, true an empty attribute. */
export function el(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** The same of SVG. */
export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}
