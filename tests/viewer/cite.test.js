import assert from "node:assert/strict";
import { test } from "node:test";
import { citeEvent, citeSource } from "../../assets/viewer/cite.js";
import { CASES, goldenScene } from "./scenes.js";

const source = { id: "S1", before: "A report, ", link: "A paper", after: ", 3 May 2024. Relays it.", url: "https://example.org/a" };

test("a source is cited with its date, its address and its copy", () => {
  assert.equal(citeSource(source), "A report, A paper, 3 May 2024. Relays it. https://example.org/a");
  assert.equal(citeSource({ ...source, after: "", url: null }), "A report, A paper.");
  const archived = { text: "archived copy", url: "https://archive.example.org/a" };
  assert.match(citeSource({ ...source, archived }), / archived copy: https:\/\/archive\.example\.org\/a$/);
});

test("a note in another language is cited without its mark", () => {
  assert.equal(citeSource({ ...source, after: [", 2024. ", { text: "Gibt ihn wieder", lang: "de" }], url: null }), "A report, A paper, 2024. Gibt ihn wieder.");
});

test("an event is cited with time, grade, flight, page, last change and sources", () => {
  const scene = goldenScene("j2-8243");
  const event = scene.events.find((/** @type {any} */ each) => each.id === "take-off");
  const [own, address, ...sources] = citeEvent(scene, event, "https://example.org/page").split("\n");
  assert.equal(own, `Take-off from Baku. 25 December 2024, 03:55 UTC. Confirmed. J2-8243. ${scene.title} (${scene.updated}).`);
  assert.equal(address, "https://example.org/page#event=take-off");
  assert.deepEqual(sources.map((line) => line.slice(1, line.indexOf("]"))), event.card.sources.map((/** @type {any} */ each) => each.id));
});

for (const name of CASES) {
  test(`no citation of ${name} has a hole or a doubled stop`, () => {
    const scene = goldenScene(name);
    for (const event of scene.events) {
      const text = citeEvent(scene, event, "");
      assert.doesNotMatch(text, /undefined|null|\[object|\.\.(\s|$)|^\s*$/m, text);
      assert.equal(text.split("\n").length, 1 + event.card.sources.length);
    }
  });
}
