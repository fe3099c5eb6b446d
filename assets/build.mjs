// Builds what a page carries, from modules that stay as they are: node assets/build.mjs [--check]
//   built/viewer.js   the viewer, entry viewer/page.js
//   built/tiles.js    the tile layer, for pages whose scene has one, entry viewer/tiles.js
//   built/leaflet.js  the parts of Leaflet that leaflet.entry.js names and leaflet/parts.mjs leaves
// With --check nothing is written, and a file that differs is an error.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";
import { leaflet } from "./leaflet/parts.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const viewer = join(here, "viewer");
const modules = (await readdir(viewer)).filter((name) => name.endsWith(".js"));
const text = (await Promise.all(modules.map((name) => readFile(join(viewer, name), "utf8")))).join("\n");

/** One export of an entry as a global, without the helper that esbuild writes for many. */
async function classic(entry, name, main) {
  const { outputFiles: [made] } = await build({ entryPoints: [join(viewer, entry)], bundle: true, format: "esm", target: "es2022", write: false, legalComments: "none", minifySyntax: true });
  // Terser takes longer than esbuild, and its script is a tenth lighter.
  const { code = "" } = await minify(made.text, { ecma: 2020, module: true, compress: { passes: 2 }, format: { comments: false } });
  const [all, body, local] = code.match(new RegExp(`^([^]*?)export\\{[^}]*?([\\w$]+) as ${main}\\b[^}]*\\};\\s*$`)) ?? [];
  if (!all) throw new Error(`viewer/${entry} no longer exports ${main}`);
  return `var ${name}=(()=>{${body}return{${main}:${local}}})();\n`;
}

const jobs = {
  "viewer.js": () => classic("page.js", "flightcase", "drawLayer"),
  "tiles.js": () => classic("tiles.js", "flightcaseTiles", "createTiles"),
  "leaflet.js": () => leaflet(join(here, "leaflet"), text),
};

const check = process.argv.includes("--check");
for (const [name, make] of Object.entries(jobs)) {
  const made = await make();
  const file = join(here, "built", name);
  if (!check) {
    await writeFile(file, made);
  } else if (await readFile(file, "utf8").catch(() => "") !== made) {
    console.error(`assets/built/${name} is not what assets/build.mjs makes; run: make assets`);
    process.exitCode = 1;
  }
}
