// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
// The editor: a text area, colours below it, and a list of what may stand where the cursor is.

import { byId, el } from "./dom.js";
import { words, look } from "./language.js";
import { completions } from "./completion.js";

const area = byId("query");
const list = byId("completions");

export class Editor {
  /** Offsets of what is wrong. */
  flaws = [];
  options = [];
  chosen = 0;

  /**
   * @param {() => Schema | undefined} schema
   * @param {() => void} changed
   */
  constructor(schema, changed) {
    this.schema = schema;
    this.changed = changed;
    area.addEventListener("input", (event) => {
      this.flaws = [];
      this.show();
      if (event.inputType?.startsWith("insert") && event.data?.match(/^[\w{(@$.: ]$/)) this.complete();
      else this.close();
      changed();
    });
    area.addEventListener("keydown", (event) => this.press(event));
    area.addEventListener("blur", () => this.close());
    area.addEventListener("pointerdown", () => this.close());
  }

  get text() { return area.value; }

  set text(text) {
    area.value = text;
    this.flaws = [];
    this.close();
    this.show();
  }

  /** Marks the words at these places, and goes to one of them if asked. */
  mark(offsets) {
    this.flaws = offsets;
    this.show();
  }

  goTo(offset) {
    area.focus();
    area.setSelectionRange(offset, offset);
  }

  show() {
    let before;
    const parts = words(area.value).map((word) => {
      const isFlawed = this.flaws.some((offset) => offset >= word.start && offset < word.end);
      const name = [look(word, before), isFlawed && "flaw"].filter(Boolean).join(" ");
      if (word.kind !== "space") before = word;
      return name ? el("span", { class: name }, word.text) : word.text;
    });
    // The last line, too, has a height.
    byId("highlight").replaceChildren(...parts, "\n");
  }

  press(event) {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      this.complete();
      return;
    }
    if (list.hidden) {
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.shiftKey) this.newLine(event);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.choose((this.chosen + step + this.options.length) % this.options.length);
    else if (["Enter", "Tab"].includes(event.key) && !event.ctrlKey && !event.metaKey) this.accept();
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  /** The next line begins where this one does, and deeper behind an open bracket. */
  newLine(event) {
    event.preventDefault();
    const { selectionStart: start, value } = area;
    const line = value.slice(value.lastIndexOf("\n", start - 1) + 1, start);
    const indent = line.match(/^\s*/)[0];
    const isOpen = /[{([]\s*$/.test(line);
    const closes = isOpen && /^\s*[})\]]/.test(value.slice(start));
    this.insert(`\n${indent}${isOpen ? "  " : ""}`);
    if (!closes) return;
    const cursor = area.selectionStart;
    this.insert(`\n${indent}`);
    area.setSelectionRange(cursor, cursor);
  }

  /** As if it were typed, so that it can be undone. */
  insert(text) {
    // The only way to keep the browser's own undo; no standard has another.
    if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    this.show();
    this.changed();
  }

  // ------------------------------------------------------------ completion

  complete() {
    const schema = this.schema();
    const cursor = area.selectionStart;
    if (!schema || cursor !== area.selectionEnd) return;
    ({ from: this.from, options: this.options } = completions(area.value, cursor, schema));
    if (!this.options.length) return this.close();
    list.replaceChildren(...this.options.map((option, index) =>
      el("li", { role: "option", id: `completion-${index}`, "aria-selected": "false",
        pointerdown: (event) => { event.preventDefault(); this.chosen = index; this.accept(); } },
        option.text, option.about && el("small", {}, option.about.split("\n")[0]))));
    list.hidden = false;
    this.choose(0);
    this.place(this.from);
  }

  choose(index) {
    list.children[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = index;
    const item = list.children[index];
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", item.id);
  }

  accept() {
    const { text } = this.options[this.chosen];
    area.setSelectionRange(this.from, area.selectionStart);
    this.close();
    this.insert(text);
    area.focus();
    this.close();
  }

  close() {
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
  }

  /** Puts the list below the word that it is about. */
  place(offset) {
    const range = document.createRange();
    const walker = document.createTreeWalker(byId("highlight"), NodeFilter.SHOW_TEXT);
    let node = walker.nextNode();
    for (let rest = offset; node && rest > node.length; node = walker.nextNode()) offset = (rest -= node.length);
    if (!node) return;
    range.setStart(node, Math.min(offset, node.length));
    const word = range.getClientRects()[0] ?? range.getBoundingClientRect();
    const box = byId("editor").getBoundingClientRect();
    const left = Math.max(0, Math.min(word.left - box.left, box.width - list.offsetWidth));
    list.style.left = `${left}px`;
    list.style.top = `${word.bottom - box.top + 2}px`;
  }
}
