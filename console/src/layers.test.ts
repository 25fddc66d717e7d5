import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

const HERE = import.meta.dirname;
/** Folders from the top down; a file imports from its own folder and those after it. */
const LAYERS = [
  "routes",
  "features",
  "components/shared",
  "queries",
  "components/ui",
  "text",
  "lib",
  "generated",
];
const LONGEST = 250;

const files = readdirSync(HERE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.includes(".test."))
  .map((entry) => relative(HERE, join(entry.parentPath, entry.name)));

const layerOf = (path: string) => LAYERS.findIndex((layer) => path.startsWith(`${layer}/`));
const featureOf = (path: string) => path.match(/^features\/([^/]+)/)?.[1];

test("imports go down, and never from one feature to another", () => {
  const wrong = files.flatMap((file) => {
    const targets = [...readFileSync(join(HERE, file), "utf8").matchAll(/(?:from|import\()\s*"@\/([^"]+)"/g)];
    return targets
      .map(([, target]) => target ?? "")
      .filter((target) => {
        if (layerOf(file) < 0) return false; // main.tsx puts everything together
        const sideways = featureOf(file) && featureOf(target) && featureOf(file) !== featureOf(target);
        return sideways || layerOf(target) < layerOf(file);
      })
      .map((target) => `${file} imports ${target}`);
  });
  expect(wrong.filter((line) => !/^lib.*imports text\//.test(line))).toEqual([]); // a language is a text
});

test("component files stay short", () => {
  const long = files.filter(
    (file) => file.endsWith(".tsx") && readFileSync(join(HERE, file), "utf8").split("\n").length > LONGEST,
  );
  expect(long).toEqual([]);
});
