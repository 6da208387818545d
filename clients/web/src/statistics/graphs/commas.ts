// SPDX-License-Identifier: Apache-2.0

/**
 * The report `io,stat` takes each comma for the end of a filter, so that filters are written
 * without commas.
 */

// A text in quotes, or a test whether something is in a set.
const PARTS = /(r?"(?:[^"\\]|\\.)*")|(\b[\w.#[\]:-]+)\s+(not\s+in|in)\s*\{([^{}]*)\}/g;
// A comma between the elements of a set, not in a text.
const ELEMENTS = /"(?:[^"\\]|\\.)*"|[^,"]+/g;

function elementsOf(set: string): string[] {
  const found: string[] = [];
  let element = "";
  let end = 0;
  for (const { 0: text, index } of set.matchAll(ELEMENTS)) {
    if (set.slice(end, index).includes(",")) {
      found.push(element);
      element = "";
    }
    element += text;
    end = index + text.length;
  }
  return [...found, element].map((each) => each.trim());
}

function withoutSet(name: string, test: string, set: string): string {
  const tests = elementsOf(set).map((element) => `${name} in {${commaInText(element)}}`);
  const anyOf = `(${tests.join(" || ")})`;
  return test === "in" ? anyOf : `!${anyOf}`;
}

function commaInText(text: string): string {
  return text.startsWith("r") ? text : text.replaceAll(",", "\\x2c");
}

/** Returns an equal filter without commas; undefined if there is none. */
export function withoutCommas(filter: string): string | undefined {
  if (!filter.includes(",")) return filter;
  const changed = filter.replaceAll(
    PARTS,
    (_all, text: string | undefined, name = "", test = "", set = "") =>
      text === undefined ? withoutSet(String(name), String(test), String(set)) : commaInText(text),
  );
  return changed.includes(",") ? undefined : changed;
}
