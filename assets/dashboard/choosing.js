// What is chosen of an answer: the table and the map tell each other, in the browser and at once.

const CHOSEN = "flightcase-archive-chosen";
/** @type {{ answer: string, id: string | null }} */
let now = { answer: "", id: null };

/** @param {string} answer address of it @param {string | null} id of a row */
export function choose(answer, id) {
  now = { answer, id };
  window.dispatchEvent(new CustomEvent(CHOSEN));
}

/** What is chosen of an answer. @param {string} answer */
export const chosen = (answer) => (now.answer === answer ? now.id : null);

/** @param {() => void} hear called with every choice @returns {() => void} ends it */
export function onChoice(hear) {
  window.addEventListener(CHOSEN, hear);
  return () => window.removeEventListener(CHOSEN, hear);
}

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {{ text: string, sort?: number | string | null, tone?: string }[]} cells
 * @property {string} label what the map calls it
 * @property {number[][]} paths received, lon, lat, lon, lat, … as differences
 * @property {[number, number, number, number]} [hop] lat, lon, lat, lon between which nobody flew
 * @property {[number, number, number, number]} [cell] south, west, side in degrees, share of the most jumps
 */
/** @typedef {{ columns: { text: string, numeric: boolean }[], order: [number, boolean], rows: Row[], quantum: number, box: [number, number, number, number] | null }} Answer box: west, south, east, north */

/** @type {Map<string, Promise<Answer>>} */
const answers = new Map();

/** @param {string} address @returns {Promise<Answer>} */
export function load(address) {
  const known = answers.get(address) ?? fetch(new URL(address, document.baseURI).href).then(async (answer) => {
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  });
  answers.set(address, known);
  known.catch(() => answers.delete(address));
  for (const old of answers.keys()) if (answers.size > 4) answers.delete(old);
  return known;
}
