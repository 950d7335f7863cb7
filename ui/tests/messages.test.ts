import { describe, expect, it } from "vitest";

/** Every catalogue there is, and every one that comes. */
const catalogues = import.meta.glob<Record<string, unknown>>("../src/messages/*.ts", { eager: true });

/** All texts of a catalogue; functions are called with numbers and words that show their shape. */
function texts(value: unknown, path: string): [path: string, text: string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") {
    const filled = [2, 1, "Words"].flatMap((sample) => {
      try {
        return [(value as (...args: unknown[]) => unknown)(sample, sample, sample, sample)];
      } catch {
        return [];
      }
    });
    return filled.flatMap((text) => texts(text, path));
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

const all = Object.entries(catalogues).flatMap(([file, exports]) => texts(exports, file.replace(/.*\//, "")));
/** Words that are written with a capital letter wherever they stand. */
const names =
  /^(Presell|Pipeline|Pre-order|Catalog|Purchase|Import|Health|Settings|Shopify|Ctrl|Cmd|Esc|SKU|PO|CSV|JSON|UTC|I|PostgreSQL|SQLite|Words|NaN|[A-Z]+)$/;

describe("the texts", () => {
  it("exist", () => {
    expect(all.length, "a catalogue without a text would make the checks below empty").toBeGreaterThan(20);
  });

  it.each(all)("%s: %s", (_, text) => {
    expect(text, "we ask and tell without begging").not.toMatch(/\bplease\b/i);
    expect(text, "what was done is said, not praised").not.toMatch(/\bsuccessfully\b/i);
    expect(text, "nobody is told that something went wrong without what").not.toMatch(/something went wrong|oops/i);
    const titled = text
      .split(/[.:!?"“”(]\s*/)
      .flatMap((sentence) => sentence.split(/\s+/).slice(1))
      .filter((word) => /^[A-Z][a-z]/.test(word) && !names.test(word.replace(/[^\w-]/g, "")));
    expect(titled, "only sentences and names begin with a capital letter").toEqual([]);
  });
});
