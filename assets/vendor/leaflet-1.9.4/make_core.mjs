// Bundles leaflet-core.js from Leaflet's own modules: node assets/vendor/leaflet-1.9.4/make_core.mjs [OUT]
// The canvas renderer and the one for Internet Explorer are left out: the viewer draws in SVG.
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const EMPTY = {
  "Canvas.js": "export var Canvas = null; export function canvas() { return null; }",
  "SVG.VML.js": "export var vmlCreate = null; export var vmlMixin = {};",
};
const withoutOthers = {
  name: "without-other-renderers",
  setup: (bundle) => bundle.onLoad({ filter: /vector\/(Canvas|SVG\.VML)\.js$/ }, ({ path }) => ({
    contents: EMPTY[path.split("/").at(-1)],
  })),
};
const licence = (await readFile(join(here, "LICENSE"), "utf8")).split("\n").find((line) => line.startsWith("Copyright"));

await build({
  entryPoints: [join(here, "core.entry.js")],
  outfile: process.argv[2] ?? join(here, "leaflet-core.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  plugins: [withoutOthers],
  banner: { js: `/* Leaflet 1.9.4, parts of it, https://leafletjs.com, BSD-2-Clause. ${licence ?? ""} */` },
});
