// The scenes of the shipped cases, as the tests of Python write them to tests/golden.

import { readFileSync } from "node:fs";

export const CASES = ["j2-8243", "jl516", "fr4978", "kal007", "af1-2001"];

/**
 * @param {string} name of a case
 * @param {string} [language]
 */
export function goldenScene(name, language = "en") {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.${language}.json`, import.meta.url), "utf8"));
}
