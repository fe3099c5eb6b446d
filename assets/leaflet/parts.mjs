// The parts of Leaflet that the viewer uses, made of Leaflet's own modules (docs/decisions/0004-leaflet-parts.md):
//   1. ../leaflet.entry.js names the classes; a module of this folder stands for Leaflet's own of the same name;
//   2. questions about the browser are answered as every browser does that can draw the viewer;
//   3. the methods that UNCALLED lists go, then every method whose name stands nowhere else, in Leaflet or the viewer;
//   4. names that begin with an underscore become short, but for those that the viewer uses.
// What is not as it is expected here is an error, so that another version of Leaflet is looked at anew.
import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { build, transform } from "esbuild";
import { minify } from "terser";

const LICENCE = "/* Leaflet 1.9.4, parts of it, https://leafletjs.com, BSD-2-Clause, (c) 2010-2023 Volodymyr Agafonkin, CloudMade */\n";

// The viewer draws in SVG, drags no marker, and its icons are elements.
const EMPTY = {
  "Browser.js": "export default {};",
  "Canvas.js": "export var canvas;",
  "SVG.VML.js": "export var vmlCreate, vmlMixin;",
  "Icon.Default.js": "export var IconDefault = Object;",
  "Marker.Drag.js": "export var MarkerDrag;",
};

// Where touches are not told there is no finger to tell of.
const BROWSER = { any3d: true, svg: true, touch: true, ie3d: false, ielt9: false, mobileOpera: false, retina: false, safari: false, vml: false };

// Called by each other, for options that the viewer does not set, or by a canvas.
const UNCALLED = {
  "CRS.js": ["wrapLatLng", "wrapLatLngBounds"],
  "Icon.js": ["createIcon", "createShadow", "_createIcon", "_createImg", "_getIconUrl"],
  "LayerGroup.js": ["invoke", "setZIndex"],
  "Map.js": ["fitWorld", "flyTo", "panInside", "stop", "locate", "stopLocate", "_handleGeolocationError", "_handleGeolocationResponse", "wrapLatLng", "wrapLatLngBounds"],
  "Map.Drag.js": ["_onZoomEnd", "_onPreDragWrap"],
  "Marker.js": ["setIcon", "setOpacity", "_updateOpacity", "_panOnFocus", "_bringToFront"],
  "Polygon.js": ["getCenter", "_containsPoint"],
  "Polyline.js": ["getCenter", "_containsPoint"],
};
// Calls of these that stay: one comes there with an opacity, with worldCopyJump, after locate.
const UNREACHED = ["_onPreDragWrap", "_updateOpacity", "stopLocate"];
// Statements that call these too, or that are of another age.
const STATEMENTS = {
  "Class.js": [/^ *checkDeprecatedMixinEvents\(.*\);\n/m],
  "Events.js": [/^Events\.\w+ = (Events\.\w+ = )?Events\.\w+;\n/gm],
  "Marker.js": [/^ *if \(this\.options\.autoPanOnFocus\) \{\n.*\n *\}\n/gm],
  "Polyline.js": [/^Polyline\._flat = .*;\n/m],
};

// A method of an object literal as esbuild prints it.
const METHOD = /^( +)(\w+): function\(.*\) \{\n(?:\1 .*\n|\n)*\1\},?\n/gm;

/** Prints a module in esbuild's own form, without comments and what nothing refers to. */
async function print(code, options) {
  const { code: text } = await transform(code, { target: "es2022", format: "esm", treeShaking: true, legalComments: "none", ...options });
  return text.replace(/^ *\/\/.*\n|^ *\/\*[^]*?\*\/\n/gm, "");
}

/** One of Leaflet's modules without what it has for others. */
async function lean(name, source) {
  let text = await print(source);
  for (const statement of STATEMENTS[name] ?? []) {
    if (text.search(statement) < 0) throw new Error(`Leaflet's ${name} has no statement like ${statement}`);
    text = text.replace(statement, "");
  }
  const missing = new Set(UNCALLED[name]);
  text = text.replace(METHOD, (method, _, key) => (missing.delete(key) ? "" : method));
  if (missing.size) throw new Error(`Leaflet's ${name} has no method ${[...missing].join(", ")}`);
  return text.replace(/\bBrowser\.(\w+)/g, (_, key) => {
    if (!(key in BROWSER)) throw new Error(`Leaflet's ${name} asks for Browser.${key}`);
    return String(BROWSER[key]);
  });
}

/** How often each name stands in a text. */
function count(text) {
  const counts = new Map();
  for (const [name] of text.matchAll(/[A-Za-z_$][\w$]*/g)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** The text without methods whose names stand nowhere but where they are defined. */
async function called(text, viewer) {
  for (let before = ""; before !== text; ) {
    before = text;
    const [all, defined] = [count(text + viewer), count([...text.matchAll(METHOD)].map(([, , name]) => name).join(" "))];
    text = text.replace(METHOD, (method, _, name) => (all.get(name) === defined.get(name) ? "" : method));
    text = await print(text, { minifySyntax: true });
  }
  return text;
}

/**
 * @param {string} folder this one
 * @param {string} viewer the text of all modules of the viewer
 * @returns {Promise<string>} a classic script that sets L
 */
export async function leaflet(folder, viewer) {
  const own = new Set(await readdir(folder));
  const loaded = new Set();
  const load = async ({ path }) => {
    const name = basename(path);
    loaded.add(name);
    if (name in EMPTY) return { contents: EMPTY[name] };
    if (own.has(name)) return { contents: await readFile(join(folder, name), "utf8"), resolveDir: folder };
    return { contents: await lean(name, await readFile(path, "utf8")) };
  };
  const parts = { name: "parts", setup: ({ onLoad }) => onLoad({ filter: /leaflet[\\/]src[\\/].*\.js$/ }, load) };
  const { outputFiles: [bundle] } = await build({ entryPoints: [join(folder, "..", "leaflet.entry.js")], bundle: true, format: "esm", target: "es2022", write: false, plugins: [parts] });
  const idle = [...Object.keys({ ...EMPTY, ...UNCALLED, ...STATEMENTS }), ...[...own].filter((name) => /^[A-Z]/.test(name))].filter((name) => !loaded.has(name));
  if (idle.length) throw new Error(`Leaflet has no use for ${idle.join(", ")}`);
  const text = await called(await print(bundle.text), viewer);
  const defined = new Set([...text.matchAll(METHOD)].map(([, , name]) => name));
  const gone = Object.values(UNCALLED).flat().filter((name) => !defined.has(name));
  const open = gone.filter((name) => new RegExp(`\\.${name}\\b`).test(text + viewer)).sort().join(", ");
  if (open !== UNREACHED.join(", ")) throw new Error(`parts.mjs leaves out what is called: ${open}`);
  const used = viewer.match(/(?<=\.)_[a-zA-Z]+/g);
  const kept = new RegExp(`^(${["_leaflet.*", "__.*", ...new Set(used)].join("|")})$`);
  const short = await print(text, { minify: true, format: "iife", mangleProps: /^_/, reserveProps: kept });
  const { code } = await minify(short, { ecma: 2020, compress: { passes: 2 }, format: { comments: false } });
  return `${LICENCE}${code}\n`;
}
