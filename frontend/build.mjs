// Writes thucthi/static/thucthi/app.css, embed.css and manifest.json. Fonts are made by fonts.sh and only counted here.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "..", "thucthi", "static", "thucthi");

const build = (name) => {
  const styles = compile(join(here, "styles", `${name}.scss`), {
    style: "compressed",
    loadPaths: [join(here, "node_modules")],
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  writeFileSync(join(output, `${name}.css`), styles.css + "\n");
};
build("app");
build("embed");

const installed = (name) => JSON.parse(readFileSync(join(here, "node_modules", name, "package.json"), "utf8"));
const vendored = JSON.parse(readFileSync(join(here, "sources.json"), "utf8"));
const files = (folder) =>
  readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });

const manifest = files(output)
  .map((path) => relative(output, path).replaceAll("\\", "/"))
  .filter((path) => path !== "manifest.json")
  .map((path) => {
    const origin = Object.entries(vendored).find(([prefix]) => path.startsWith(prefix))?.[1]
      ?? { package: "thucthi", version: "own work", licence: "Apache-2.0" };
    const version = origin.version ?? installed(origin.package).version;
    const sha256 = createHash("sha256").update(readFileSync(join(output, path))).digest("hex");
    return { file: path, package: origin.package, version, licence: origin.licence, sha256 };
  });
writeFileSync(join(output, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
