// Builds what a page carries, from modules that stay as they are: node assets/build.mjs [--check]
//   built/viewer.js   the viewer, entry viewer/page.js
//   built/leaflet.js  the parts of Leaflet that leaflet.entry.js names
// With --check nothing is written, and a file that differs is an error.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
// The viewer draws in SVG: neither the canvas renderer nor the one for Internet Explorer comes along.
const EMPTY = {
  "Canvas.js": "export var Canvas = null; export function canvas() { return null; }",
  "SVG.VML.js": "export var vmlCreate = null; export var vmlMixin = {};",
};
const withoutOtherRenderers = {
  name: "without-other-renderers",
  setup: (bundle) => bundle.onLoad({ filter: /vector[\\/](Canvas|SVG\.VML)\.js$/ }, ({ path }) => ({
    contents: EMPTY[path.split(/[\\/]/).at(-1)],
  })),
};
const shared = { bundle: true, minify: true, format: "iife", target: "es2022", write: false, legalComments: "none" };
const LICENCE = "/* Leaflet 1.9.4, parts of it, https://leafletjs.com, BSD-2-Clause, (c) 2010-2023 Volodymyr Agafonkin, CloudMade */";

// Leaflet's private names are shortened, but for those that it writes in quotes or exports, and those that the viewer uses.
const viewer = join(here, "viewer");
const leaflet = join(here, "..", "node_modules", "leaflet", "src");
const sources = async (folder) => {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js"));
  return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
};
const exported = (await sources(leaflet)).match(/(?<=export (function|var|const) )_\w+/g);
const used = (await sources(viewer)).match(/(?<=\.)_[a-zA-Z]+/g);
const kept = ["_leaflet.*", "__proto__", ...new Set([...exported, ...used].sort())];
const shortened = { mangleProps: /^_/, reserveProps: new RegExp(`^(${kept.join("|")})$`) };

const jobs = {
  "viewer.js": { entryPoints: [join(viewer, "page.js")], globalName: "flightcase" },
  "leaflet.js": { entryPoints: [join(here, "leaflet.entry.js")], plugins: [withoutOtherRenderers], banner: { js: LICENCE }, ...shortened },
};

const check = process.argv.includes("--check");
for (const [name, options] of Object.entries(jobs)) {
  const { outputFiles: [made] } = await build({ ...shared, ...options });
  const file = join(here, "built", name);
  if (!check) {
    await writeFile(file, made.text);
  } else if (await readFile(file, "utf8").catch(() => "") !== made.text) {
    console.error(`assets/built/${name} is not what assets/build.mjs makes; run: make assets`);
    process.exitCode = 1;
  }
}
