import { describe, expect, it } from "vitest";
import type { Coming, LineWhy, Refreshed, Why } from "../src/generated/commands";
import { mainLine, ofProduct } from "../src/features/catalog/checks";
import { bars, lines, picture } from "../src/features/catalog/coming";
import { blank, changesOf } from "../src/features/catalog/imagine";
import { filterOf, sorted } from "../src/features/catalog/list.svelte";
import { would } from "../src/features/catalog/refreshing";
import { found, needed, signed, summands } from "../src/features/catalog/values";
import type { RuleWords } from "../src/features/catalog/words.svelte";

const words = { sentence: (code: string) => `<${code}>` } as RuleWords;
const incoming = (pieces: number, presold = 0, left = pieces - presold) => ({
  pieces,
  presold,
  left,
  products: 1,
  purchaseOrders: 1,
});
const none = incoming(0);

describe("the address", () => {
  it("says what the list shows, and what it does not know is left out", () => {
    expect(filterOf({}), "without a word: everything, by SKU").toEqual({
      list: "all",
      search: "",
      sort: "sku",
      descending: false,
    });
    expect(filterOf({ list: "preOrder" }).sort, "a list shows first what comes first").toBe("promiseDate");
    expect(filterOf({ list: "BACKORDER" }).list, "the program's name of a list is understood").toBe("backorder");
    expect(filterOf({ shops: "failed" }).inShops, "a state in the shops").toBe("failed");
    expect(filterOf({ list: "x", sort: "y", reason: "'; --", shops: "sold" }), "nonsense is ignored").toEqual(
      filterOf({}),
    );
  });
  it("turns the order round on the second click", () => {
    const filter = filterOf({ sort: "left" });
    expect(sorted(filter, "left"), "the same column once more").toEqual({ sort: "left", down: "1" });
    expect(sorted({ ...filter, descending: true }, "left"), "and back").toEqual({ sort: "left", down: null });
    expect(sorted(filter, "since"), "another column begins anew").toEqual({ sort: "since", down: null });
  });
});

describe("the picture of what is coming", () => {
  const coming: Coming = {
    today: "2026-11-23",
    overdue: incoming(10),
    weeks: [
      { monday: "2026-11-23", ...incoming(40, 10, 20) },
      { monday: "2026-11-30", ...none },
    ],
    later: incoming(5),
    undated: none,
  };
  it("adds up, and names the fullest week", () => {
    expect(picture(coming), "the sentence says what the bars show").toMatchObject({
      all: 55,
      presold: 10,
      overdue: 10,
      peak: "2026-11-23",
      most: 40,
    });
  });
  it("has a bar for each week, and for the rest only if there is any", () => {
    const shown = bars(picture(coming));
    expect(
      shown.map((bar) => bar.short),
      "what is overdue and every week; a month is named where it begins",
    ).toEqual(["Overdue", "23 Nov", "30"]);
    expect(
      lines(picture(coming)).map((line) => line.label),
      "the table has all of it",
    ).toEqual(["Overdue", "23 Nov 2026", "30 Nov 2026", "Later"]);
    expect(shown[1]?.parts, "sold, for sale and kept back stand on each other and fill the highest bar").toEqual([
      { what: "presold", from: 75, size: 25 },
      { what: "left", from: 25, size: 50 },
      { what: "buffer", from: 0, size: 25 },
    ]);
    expect(shown[2]?.parts, "a week that brings nothing is empty, not missing").toEqual([]);
  });
});

describe("what if", () => {
  const line = { purchaseOrder: "PO-1", line: 2, promiseDate: "2026-12-01", isNew: true } as LineWhy;
  it("asks only about what differs", () => {
    expect(changesOf(blank, line), "an empty form asks nothing").toBeNull();
    expect(
      changesOf({ ...blank, promiseDate: "2026-12-01", newStyle: true }, line),
      "what is so already is no change",
    ).toBeNull();
    expect(changesOf({ ...blank, quantity: "many" }, line), "what is no number is not sent").toBeNull();
    expect(changesOf({ ...blank, stock: "0" }, line), "stock is of the product, not of a line").toEqual({ stock: 0 });
    expect(changesOf({ ...blank, quantity: "5" }, line), "a line is named with what changes of it").toEqual({
      quantity: 5,
      purchaseOrder: "PO-1",
      line: 2,
    });
    expect(changesOf({ ...blank, quantity: "5" }, undefined), "without a line one is imagined").toEqual({
      quantity: 5,
    });
  });
});

describe("why", () => {
  const why = (reasons: string[], onlineAtp: number | null) =>
    ({ reasons, stock: { known: onlineAtp !== null, onlineAtp, enough: 0 }, lines: [] }) as unknown as Why;
  it("asks about the product and its stock before any purchase order", () => {
    expect(
      ofProduct(why([], 0), words).map((check) => check.state),
      "sold out and not excluded",
    ).toEqual(["passed", "passed"]);
    expect(ofProduct(why(["IN_STOCK"], 4), words)[1], "in stock: the value, what it takes, and why").toMatchObject({
      state: "missed",
      value: "4 pieces",
      needs: "at most 0",
      why: "<IN_STOCK>",
    });
    expect(ofProduct(why(["STOCK_UNKNOWN"], null), words)[1]?.state, "unknown is neither yes nor no").toBe("open");
    expect(ofProduct(why([], null), words)[1], "unknown may count as sold out for a new style").toMatchObject({
      state: "passed",
      value: "unknown, counts as sold out",
    });
    expect(ofProduct(why(["EXCLUDED"], 0), words)[0]?.state, "taken out by hand").toBe("missed");
  });
  it("shows first the line that counts, else the first in turn", () => {
    const lines = [{ line: 1 }, { line: 2, active: true }] as LineWhy[];
    expect(mainLine({ lines } as Why)?.line, "the one that counts").toBe(2);
    expect(mainLine({ lines: lines.slice(0, 1) } as Why)?.line, "or the first").toBe(1);
  });
  it("writes values as people do", () => {
    expect([null, true, 1, 38, "2027-01-12", "APPROVED"].map(found), "each kind of value").toEqual([
      "missing",
      "yes",
      "1 piece",
      "38 pieces",
      "12 Jan 2027",
      "Approved",
    ]);
    expect(needed("2026-11-23 or later"), "a day").toBe("23 Nov 2026 or later");
    expect(needed("CREATED or APPROVED"), "states").toBe("created or approved");
    expect(
      [signed(130, true), signed(-20, false), signed(3, false), signed(0, true)],
      "terms with their signs",
    ).toEqual(["130", "−20", "+3", "0"]);
    const terms = [
      { name: "ORDERED", value: 0 },
      { name: "RECEIVED", value: 0 },
      { name: "BUFFER", value: -2 },
    ] as const;
    expect(summands(terms).length, "zeros after the first are left out").toBe(2);
  });
});

describe("a trial", () => {
  it("says in one sentence what would happen", () => {
    const refreshed = { added: 12, moved: 0, updated: 0, removed: 3 } as Refreshed;
    expect(would(refreshed), "numbers in words").toBe("A refresh would add 12 and remove 3.");
    expect(would({ ...refreshed, added: 0, removed: 0 }), "nothing is said too").toBe(
      "A refresh would change nothing.",
    );
  });
});
