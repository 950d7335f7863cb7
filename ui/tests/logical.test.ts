// Styles that know where reading begins, so that the window can be read from right to left.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const src = join(import.meta.dirname, "../src");
const sheets = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(svelte|css)$/.test(file))
  // A menu opens where the pointer is, in pixels of the screen.
  .filter((file) => !file.endsWith("Menu.svelte"));

const styles = (file: string) => {
  const text = readFileSync(join(src, file), "utf8");
  const css = file.endsWith(".css") ? text : (/<style>(.*)<\/style>/s.exec(text)?.[1] ?? "");
  // A sum is one value.
  return css.replace(/\((?:[^()]|\([^()]*\))*\)/g, "()");
};

/** Sides by the compass, and four values of which the second and the fourth differ. */
const physical = [
  /[\s{;](?:left|right)\s*:/,
  /(?:margin|padding|border)-(?:left|right)/,
  /(?:text-align|float)\s*:\s*(?:left|right)/,
];
const four = /(?:padding|margin|inset)\s*:\s*(\S+) (\S+) (\S+) (\S+);/g;

it("finds the styles", () => expect(sheets.length, "there are components").toBeGreaterThan(80));
it.each(sheets)("%s names no side by left and right", (file) => {
  const text = styles(file);
  for (const side of physical) expect(text, "sides are start and end").not.toMatch(side);
  const uneven = [...text.matchAll(four)].filter(([, , right, , left]) => right !== left).map(([all]) => all);
  expect(uneven, "start and end are given by -inline").toEqual([]);
});
