// The lines of the finder of places: what each candidate is, where it is, how it is spelt, what to mind.

/** @typedef {{ text: string, warn: boolean }} Note */
/** @typedef {{ code: string, name: string, detail: string, position: string, names: string, notes: Note[], spoken: string }} Candidate */

/**
 * An option of the list, laid out as the row of a table.
 *
 * @param {Candidate} candidate
 * @param {number} index
 * @param {string} list id of the list
 * @param {string} act the word on what looks like its button; the whole row is pressed
 */
export function option(candidate, index, list, act) {
  const made = element("div");
  const notes = candidate.notes.map(({ text }) => text);
  set(made, { role: "option", id: `${list}-${index}`, "aria-selected": "false", "aria-label": [candidate.spoken, ...notes].join(", ") });
  made.dataset.at = String(index);
  if (index === 0) made.dataset.first = "";
  const match = element("div");
  match.append(element("span", "fc-name", candidate.name), element("span", "fc-detail", candidate.detail));
  const at = element("div", "fc-at");
  const digits = element("bdi", "", candidate.position);
  digits.dir = "ltr";
  at.append(digits);
  const use = element("div", "fc-use");
  use.append(element("span", "", act));
  made.append(match, at, remarks(candidate), use);
  return made;
}

/** @param {Candidate} candidate */
function remarks({ names, notes }) {
  const made = element("div", "fc-notes");
  if (names) made.append(element("span", "fc-names", names));
  for (const { text, warn } of notes) {
    const note = element("span", "fc-note", text);
    if (warn) note.dataset.warn = "";
    made.append(note);
  }
  return made;
}

/**
 * @param {string} name
 * @param {string} [style]
 * @param {string} [text]
 */
export function element(name, style = "", text = "") {
  const made = document.createElement(name);
  if (style) made.className = style;
  if (text) made.textContent = text;
  return made;
}

/**
 * @param {Element} element
 * @param {Record<string, string>} attributes
 */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
