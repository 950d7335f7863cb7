// What the rules found, as people write it.
import type { CheckWhy, Class, Term } from "../../generated/commands";
import { catalog } from "../../messages/catalog";
import { counted, date, number } from "../../state/words";

/** The name of a list. */
export const listName = (list: Class) => (list === "PRE_ORDER" ? catalog.preOrder : catalog.backorder);
/** Its colour. */
export const listTone = (list: Class) => (list === "PRE_ORDER" ? "preorder" : "backorder") as "preorder" | "backorder";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A value that a check found: "12 Jan 2027", "38 pieces", "Approved", "yes", "missing". */
export function found(value: CheckWhy["value"]): string {
  if (value === null) return "missing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return counted(value, "piece");
  return DAY.test(value) ? date(value) : sentence(value);
}

/** What a check takes, as the program says it, with days and states as people write them. */
export const needed = (needs: string) =>
  needs.replace(/\d{4}-\d{2}-\d{2}/g, date).replace(/\b[A-Z]{3,}\b/g, (state) => state.toLowerCase());

/** "APPROVED" → "Approved". */
export const sentence = (code: string) => code.charAt(0) + code.slice(1).toLowerCase().replaceAll("_", " ");

/** The summands to show: the first, and those that are not zero. */
export const summands = (terms: readonly Term[]) => terms.filter((term, at) => at === 0 || term.value !== 0);

/** "−20", "+3", "130": a true minus, and no plus before the first. */
export const signed = (value: number, first: boolean) =>
  value < 0 ? `−${number(-value)}` : first || value === 0 ? number(value) : `+${number(value)}`;
