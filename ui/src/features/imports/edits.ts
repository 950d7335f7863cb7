// What a person changes about the rows of a file, as a list of steps: the last one can be undone.
import type { Adjustment, Adjustments } from "../../generated/commands";

export type Edit =
  | { do: "set"; cells: readonly Adjustment[] }
  | { do: "leaveOut"; rows: readonly number[] }
  | { do: "takeIn"; rows: readonly number[] }
  | { do: "leaveOrderOut"; order: string }
  | { do: "takeOrderIn"; order: string };

/** All steps as one request. */
export function adjustments(edits: readonly Edit[]): Adjustments {
  const cells: Adjustment[] = [];
  const leftOut = new Set<number>();
  const orders = new Set<string>();
  for (const edit of edits) {
    if (edit.do === "set") cells.push(...edit.cells);
    else if (edit.do === "leaveOut") edit.rows.forEach((row) => leftOut.add(row));
    else if (edit.do === "takeIn") edit.rows.forEach((row) => leftOut.delete(row));
    else if (edit.do === "leaveOrderOut") orders.add(edit.order);
    else orders.delete(edit.order);
  }
  return { cells, leftOut: [...leftOut], ordersLeftOut: [...orders] };
}
