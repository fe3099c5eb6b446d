// Rows of a table of any length, fetched in blocks as they come into view; the least used are let go.

/**
 * @typedef {object} Row one fix, or a row of the file that could not be read
 * @property {number} row its number in the file
 * @property {number | null} t POSIX seconds
 * @property {number} [lat]
 * @property {number} [lon]
 * @property {"holds" | "none" | "rejected" | "unreadable"} kind
 * @property {string[]} cells
 * @property {number[]} [struck] cells whose value is not believed
 * @property {string[]} why sentences of the judge
 */
/** @typedef {{ from: number, rows: Row[], at: number | null }} Answer */

const BLOCK = 100;
/** Blocks that are kept. */
const KEPT = 60;

/**
 * @param {string} address of the track, with what every request says
 * @param {{ kind: string, order: string }} which rows, and in which order
 * @param {() => void} arrived called when rows came, or failed to come
 */
export function createBlocks(address, which, arrived) {
  /** In the order of use. @type {Map<number, Row[]>} */
  const kept = new Map();
  /** @type {Set<number>} */
  const asked = new Set();
  let failed = "";

  /** @param {Record<string, string>} query @returns {Promise<Answer>} */
  async function fetched(query) {
    const url = new URL(address, document.baseURI);
    for (const [name, value] of Object.entries({ ...which, count: String(BLOCK), ...query })) url.searchParams.set(name, value);
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }

  /** @param {number} block @param {Row[]} rows */
  function keep(block, rows) {
    kept.delete(block);
    kept.set(block, rows);
    for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest);
  }

  /** @param {number} block */
  async function load(block) {
    if (asked.has(block)) return;
    asked.add(block);
    try {
      keep(block, (await fetched({ from: String(block * BLOCK) })).rows);
      failed = "";
    } catch (wrong) {
      failed = wrong instanceof Error ? wrong.message : String(wrong);
    } finally {
      asked.delete(block);
    }
    arrived();
  }

  return {
    /** What went wrong last, empty when nothing did. */
    get failed() {
      return failed;
    },
    /** The row, if it is here. @param {number} index */
    row(index) {
      return kept.get(Math.floor(index / BLOCK))?.[index % BLOCK] ?? null;
    },
    /** Fetches what is not here of these rows. @param {number} first @param {number} last */
    want(first, last) {
      for (let block = Math.floor(first / BLOCK); block <= Math.floor(last / BLOCK); block += 1) {
        const rows = kept.get(block);
        if (rows) keep(block, rows);
        else void load(block);
      }
    },
    /** Index of the row that is nearest to a time; null where none is. @param {string} at @returns {Promise<number | null>} */
    async find(at) {
      const answer = await fetched({ at });
      keep(Math.floor(answer.from / BLOCK), answer.rows);
      return answer.at;
    },
  };
}
