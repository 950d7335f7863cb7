// A line while somebody changes it: what they typed, what is wrong with it, what is asked, and who was faster.
import type { LineChange, PoLine, Problem, Status } from "../../generated/commands";
import { purchasing as text } from "../../messages/purchasing";
import { failure } from "../../platform";
import { call } from "../../state/changes";
import { toasts } from "../../state/toasts.svelte";
import { changeWords, type Change } from "./words";

export interface Values {
  arrivalDate: string;
  bufferDays: string;
  quantity: string;
  buffer: string;
  isNew: boolean;
  status: string;
}

export const valuesOf = (line: PoLine): Values => ({
  arrivalDate: line.arrivalDate ?? "",
  bufferDays: String(line.bufferDays),
  quantity: String(line.ordered),
  buffer: String(line.buffer),
  isNew: line.isNew,
  status: line.status,
});

const whole = (value: string) => /^\d{1,9}$/.test(value.trim());

/** What differs, as a command takes it; `errors` where a value cannot be meant. */
export function difference(
  from: Values,
  to: Values,
): { change: Partial<LineChange>; errors: Partial<Record<keyof Values, string>> } {
  const errors: Partial<Record<keyof Values, string>> = {};
  const change: Partial<LineChange> = {};
  for (const field of ["bufferDays", "quantity", "buffer"] as const) {
    if (to[field].trim() === from[field]) continue;
    if (whole(to[field])) change[field] = Number(to[field]);
    else errors[field] = text.notWhole;
  }
  if (to.arrivalDate !== from.arrivalDate) {
    if (/^\d{4}-\d\d-\d\d$/.test(to.arrivalDate)) change.arrivalDate = to.arrivalDate;
    else errors.arrivalDate = text.noDay;
  }
  if (to.isNew !== from.isNew) change.isNew = to.isNew;
  if (to.status !== from.status) change.status = to.status as Status;
  return { change, errors };
}

export class LineDraft {
  /** The line as this draft began with it. */
  base: PoLine = $state.raw() as PoLine;
  values: Values = $state({}) as Values;
  /** What the program refused, by field. */
  refused = $state.raw<Readonly<Record<string, string>>>({});
  questions = $state.raw<readonly Problem[]>([]);
  /** The line as somebody else left it, while this draft is not saved. */
  theirs = $state.raw<PoLine | null>(null);
  saving = $state(false);
  readonly #order: string;

  constructor(order: string, line: PoLine) {
    this.#order = order;
    this.begin(line);
  }

  readonly #difference = $derived.by(() => difference(valuesOf(this.base), this.values));

  get dirty() {
    const { change, errors } = this.#difference;
    return Object.keys(change).length + Object.keys(errors).length > 0;
  }

  error(field: keyof Values): string | undefined {
    return this.#difference.errors[field] ?? this.refused[field];
  }

  changed(field: keyof Values): boolean {
    const { change, errors } = this.#difference;
    return field in change || field in errors;
  }

  begin(line: PoLine) {
    this.base = line;
    this.values = valuesOf(line);
    this.refused = {};
    this.questions = [];
    this.theirs = null;
  }

  /** The line was loaded again. What somebody types is never overwritten. */
  follow(line: PoLine) {
    if (this.saving || line.version === this.base.version) return;
    if (this.dirty) this.theirs = line;
    else this.begin(line);
  }

  /** Goes on with what was typed, on top of the other's values. */
  keepMine() {
    if (!this.theirs) return;
    const mine = (Object.keys(this.values) as (keyof Values)[]).filter((field) => this.changed(field));
    const kept = Object.fromEntries(mine.map((field) => [field, this.values[field]]));
    this.base = this.theirs;
    this.values = { ...valuesOf(this.theirs), ...kept };
    this.theirs = null;
  }

  async save(confirm = false): Promise<boolean> {
    const { change, errors } = this.#difference;
    if (this.saving || Object.keys(errors).length > 0 || !this.dirty) return false;
    this.saving = true;
    try {
      const { line, base } = { line: this.base.line, base: this.base };
      const done = await call("change_line", {
        order: this.#order,
        line,
        change: change as LineChange,
        version: base.version,
        confirm,
      });
      this.begin(done.line);
      this.#tell(done.id, done.fields);
      return true;
    } catch (thrown) {
      this.#take(thrown);
      return false;
    } finally {
      this.saving = false;
    }
  }

  async receive(quantity: number, confirm = false): Promise<boolean> {
    this.saving = true;
    try {
      const done = await call("receive_goods", { order: this.#order, line: this.base.line, quantity, confirm });
      this.questions = [];
      if (this.dirty) this.base = { ...this.base, received: done.line.received, version: done.line.version };
      else this.begin(done.line);
      toasts.done(text.receivedNow(quantity), this.#back(done.id));
      return true;
    } catch (thrown) {
      this.#take(thrown);
      return false;
    } finally {
      this.saving = false;
    }
  }

  #tell(id: number | null, fields: readonly Change[]) {
    toasts.done(
      fields.length > 0 ? text.changed(changeWords(fields)) : text.saved(this.base.line, this.#order),
      this.#back(id),
    );
  }

  #back(id: number | null) {
    return id === null ? undefined : { label: text.takeBack, run: () => takeBack(id) };
  }

  #take(thrown: unknown) {
    const failed = failure(thrown);
    if (failed.code === "questions") this.questions = failed.questions as Problem[];
    else if (failed.code === "lineConflict") this.theirs = failed.current as PoLine;
    else if (failed.code === "fieldsRefused") {
      const fields = failed.fields as { name: string; message: string }[];
      this.refused = Object.fromEntries(fields.map(({ name, message }) => [name, message]));
    } else toasts.failed(thrown);
  }
}

/** Takes a change by hand back. */
export async function takeBack(changeId: number): Promise<void> {
  try {
    await call("take_back_change", { changeId });
    toasts.done(text.tookBack);
  } catch (thrown) {
    toasts.failed(thrown);
  }
}
