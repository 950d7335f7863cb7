// How states and values of purchase orders are said.
import type { Look } from "../../components/State.svelte";
import type { Due, PoLine, Status } from "../../generated/commands";
import { purchasing as text } from "../../messages/purchasing";
import { date, list, number } from "../../state/words";

export const statuses: readonly Status[] = ["CREATED", "APPROVED", "COMPLETED", "CANCELLED"];
export const dues: readonly Due[] = ["overdue", "thisWeek", "later", "noDate"];

const words: Record<Status, { look: Look; word: string }> = {
  CREATED: { look: "waiting", word: text.created },
  APPROVED: { look: "active", word: text.approved },
  COMPLETED: { look: "good", word: text.completed },
  CANCELLED: { look: "off", word: text.cancelled },
};

/** The look and the word of a status, of an order or of a line. */
export const stateOf = (status: string) => words[status as Status] ?? { look: "off" as const, word: status };

export const dueWords: Record<Due, string> = {
  overdue: text.overdue,
  thisWeek: text.thisWeek,
  later: text.later,
  noDate: text.noDate,
};

/** What people call a field. */
export const fieldWord = (field: string) => text.fields[field] ?? field;

/** A stored value as people read it: dates, numbers, statuses, yes and no. */
export function valueWord(field: string, value: string): string {
  if (value === "none" || value === "") return text.none;
  if (field === "is_new") return value === "Y" ? text.yes : text.no;
  if (field === "status") return stateOf(value).word;
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return date(value);
  return /^\d+$/.test(value) && field !== "sku" && field !== "facility" ? number(Number(value)) : value;
}

export type Change = readonly [field: string, old: string, now: string];

/** "Quantity 10 → 12 and Arrival date 1 Aug 2026 → 9 Aug 2026". */
export const changeWords = (fields: readonly Change[]) =>
  list(fields.map(([field, old, now]) => text.arrow(fieldWord(field), valueWord(field, old), valueWord(field, now))));

/** Pieces of a line that are still to come. */
export const missing = (line: PoLine) => Math.max(0, line.ordered - line.cancelled - line.received);
