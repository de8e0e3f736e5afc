// Bundle a script with the packages that it imports: one JSON description a line in, one
// JSON answer a line out, with the licenses of what is in it.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const PACKAGE = /.*node_modules\/(?:@[^/]+\/)?[^/]+\//;
const OPTIONS = { bundle: true, minify: true, format: "esm", target: "es2022" };
const QUIETLY = { write: false, metafile: true, logLevel: "silent", legalComments: "none" };

async function bundled({ entry }) {
  const nodePaths = [`${here}node_modules`];
  const places = { entryPoints: [entry], nodePaths, absWorkingDir: here };
  const { outputFiles, metafile } = await build({ ...OPTIONS, ...QUIETLY, ...places });
  const folders = Object.keys(metafile.inputs).map((path) => path.match(PACKAGE)?.[0]);
  const packages = [...new Set(folders.filter(Boolean))].map(license);
  return { code: outputFiles[0].text, licenses: packages.sort().join("\n\n") };
}

function license(folder) {
  const read = (name) => readFileSync(here + folder + name, "utf8");
  const { name, version } = JSON.parse(read("package.json"));
  return `${name} ${version}\n\n${read("LICENSE")}`;
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await bundled(JSON.parse(line))));
}
