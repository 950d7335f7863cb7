// The checks of the "why" pane, in the order in which the rules ask: the product itself, its stock, then one line.
import type { LineWhy, Why } from "../../generated/commands";
import { catalog } from "../../messages/catalog";
import { found, needed } from "./values";
import type { RuleWords } from "./words.svelte";

export interface Shown {
  label: string;
  state: "passed" | "missed" | "open";
  value: string;
  /** What it takes, if it did not pass. */
  needs?: string | undefined;
  /** Why it did not. */
  why?: string | undefined;
}

/** What is asked of the product before any purchase order. */
export function ofProduct(why: Why, words: RuleWords): Shown[] {
  const text = catalog.why;
  const excluded = why.reasons.includes("EXCLUDED");
  const unknown = why.reasons.includes("STOCK_UNKNOWN");
  const inStock = why.stock.onlineAtp !== null && why.stock.onlineAtp > why.stock.enough;
  return [
    {
      label: text.allowed,
      state: excluded ? "missed" : "passed",
      value: excluded ? "no" : "yes",
      why: excluded ? words.sentence("EXCLUDED") : undefined,
    },
    {
      label: text.outOfStock,
      state: inStock ? "missed" : unknown ? "open" : "passed",
      value: why.stock.known || unknown ? text.stockValue(why.stock.onlineAtp) : text.countsAsNone,
      needs: inStock ? text.needsAtMost(why.stock.enough) : undefined,
      why: inStock ? words.sentence("IN_STOCK") : unknown ? words.sentence("STOCK_UNKNOWN") : undefined,
    },
  ];
}

/** What is asked of a line. The order and the line are named beside their states. */
export function ofLine(line: LineWhy, words: RuleWords): Shown[] {
  return line.checks.map((check) => {
    const value = found(check.value);
    const named =
      check.check === "PO_STATUS"
        ? `${line.purchaseOrder}, ${value}`
        : check.check === "LINE_STATUS"
          ? `line ${line.line}, ${value}`
          : value;
    return {
      label: words.check(check.check),
      state: check.passed ? "passed" : "missed",
      value: named,
      needs: check.passed ? undefined : needed(check.needs),
      why: check.passed ? undefined : words.sentence(check.code),
    } as const;
  });
}

/** The line that counts, else the first one in turn. */
export const mainLine = (why: Why): LineWhy | undefined => why.lines.find((line) => line.active) ?? why.lines[0];
