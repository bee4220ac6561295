// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
// The words of a document, for colours and completion. What is no word of GraphQL is one of kind "other".

const WORD = new RegExp([
  /(?<comment>#[^\n\r]*)/, /(?<string>"""(?:\\"""|(?!""")[^])*(?:"""|$)|"(?:\\.|[^"\\\n\r])*"?)/,
  /(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/, /(?<name>[_A-Za-z]\w*)/, /(?<punctuator>\.\.\.|[!$&()[\]{}:=@|])/,
  /(?<space>[\s,\uFEFF]+)/, /(?<other>[^])/,
].map((part) => part.source).join("|"), "gy");

/** All words in their order: { kind, text, start, end }. */
export function words(text) {
  return Array.from(text.matchAll(WORD), ({ 0: word, index, groups }) => ({
    kind: Object.keys(groups).find((kind) => groups[kind] !== undefined),
    text: word, start: index, end: index + word.length,
  }));
}

/** Those that mean something. */
export const meaningful = (all) => all.filter(({ kind }) => kind !== "space" && kind !== "comment");

const KEYWORDS = new Set(["query", "mutation", "subscription", "fragment", "on", "true", "false", "null"]);

/** How a word is shown; names by the word before them. */
export function look(word, before) {
  if (word.kind === "punctuator") return word.text === "$" || word.text === "@" ? "variable" : undefined;
  if (word.kind !== "name") return word.kind;
  if (before?.text === "$" || before?.text === "@") return "variable";
  return KEYWORDS.has(word.text) ? "keyword" : undefined;
}

/** Where a line and a column, both from 1, are in the text. */
export function offsetOf({ line, column }, text) {
  let start = 0;
  for (const { 0: end, index } of text.matchAll(/\r\n|[\n\r]/g)) {
    if (--line < 1) break;
    start = index + end.length;
  }
  return Math.min(start + column - 1, text.length);
}

/** The names of the document's operations. */
export function operations(text) {
  const all = meaningful(words(text));
  let depth = 0;
  return all.flatMap((word, index) => {
    if (word.text === "{") depth += 1;
    if (word.text === "}") depth -= 1;
    const isOperation = depth === 0 && ["query", "mutation", "subscription"].includes(word.text) && all[index - 1]?.text !== "fragment";
    return isOperation && all[index + 1]?.kind === "name" ? [all[index + 1].text] : [];
  });
}
