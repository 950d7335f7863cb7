// The what-if form: only what differs from how it is becomes a change.
import type { ImaginedChanges, LineWhy } from "../../generated/commands";

export interface Form {
  /** Order and number of the line to change; empty: the one that counts. */
  line: string;
  promiseDate: string;
  quantity: string;
  stock: string;
  newStyle: boolean | null;
}

export const blank: Form = { line: "", promiseDate: "", quantity: "", stock: "", newStyle: null };

const whole = (text: string) => (/^-?\d+$/.test(text.trim()) ? Number(text) : undefined);

/** What to imagine; null while the form says nothing, or nothing that could be. */
export function changesOf(form: Form, line: LineWhy | undefined): ImaginedChanges | null {
  const changes: ImaginedChanges = {};
  if (/^\d{4}-\d{2}-\d{2}$/.test(form.promiseDate) && form.promiseDate !== line?.promiseDate)
    changes.promiseDate = form.promiseDate;
  const [quantity, stock] = [whole(form.quantity), whole(form.stock)];
  if (quantity !== undefined) changes.quantity = quantity;
  if (stock !== undefined) changes.stock = stock;
  if (form.newStyle !== null && form.newStyle !== line?.isNew) changes.newStyle = form.newStyle;
  if (Object.keys(changes).length === 0) return null;
  const ofLine = "promiseDate" in changes || "quantity" in changes || "newStyle" in changes;
  if (ofLine && line) {
    changes.purchaseOrder = line.purchaseOrder;
    changes.line = line.line;
  }
  return changes;
}
