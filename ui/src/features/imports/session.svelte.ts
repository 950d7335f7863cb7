// One file on its way in: chosen, mapped, reviewed, confirmed. It outlives the page, so that a look at another page loses
// nothing; what would be lost is guarded.
import type {
  Check,
  FileFieldName,
  FileReading,
  ImportFile,
  Imported,
  Inspected,
  Kind,
  KnownOrders,
  Reviewed,
  RowFate,
  Work,
} from "../../generated/commands";
import { imports as text } from "../../messages/imports";
import { failure, type Chosen, type Failure } from "../../platform";
import { call } from "../../state/changes";
import { toasts } from "../../state/toasts.svelte";
import { adjustments, type Edit } from "./edits";

export type Step = "file" | "map" | "review" | "done";

const LOOK = 400;
const nothing: FileReading = { delimiter: null, encoding: null, dayFirst: null, commaIsDecimal: null };

class Session {
  step: Step = $state("file");
  chosen = $state.raw<Chosen | null>(null);
  inspected = $state.raw<Inspected | null>(null);
  kind = $state<Kind>("purchase-orders");
  reading = $state.raw<FileReading>(nothing);
  /** Columns that a person chose: the column by its header or place, empty for none. */
  columns = $state.raw<Readonly<Record<string, string>>>({});
  /** Values for every row of fields without a column. */
  given = $state.raw<Readonly<Record<string, string>>>({});
  known = $state<KnownOrders>("update");
  create = $state(false);
  totals = $state(false);
  complete = $state(false);
  zeroMissing = $state(false);
  confirmed = $state.raw<readonly Check[]>([]);
  edits = $state.raw<readonly Edit[]>([]);
  reviewed = $state.raw<Reviewed | null>(null);
  imported = $state.raw<Imported | null>(null);
  error = $state.raw<Failure | null>(null);
  /** What goes on now; `work` names it, if it can be watched. */
  busy = $state.raw<{ what: "look" | "review" | "import"; work: string; now: Work | null } | null>(null);
  #round = 0;

  /** What leaving would lose: a file on its way, or changes to its rows. */
  get unsaved() {
    return this.step === "review" && this.edits.length > 0;
  }

  readonly fates = $derived(new Map<RowFate, number>(this.reviewed?.fates ?? []));
  /** Questions about the whole file that nobody has answered: no row is taken until then. */
  readonly open = $derived(
    (this.reviewed?.findings ?? []).filter(
      (group) => group.aboutFile && group.severity === "asks" && !this.confirmed.includes(group.check),
    ),
  );

  /** Begins anew; what was there can be brought back. */
  discard() {
    const { step, chosen, inspected, kind, reading, columns, given, known, create, totals, complete, zeroMissing } =
      this;
    const { confirmed, edits, reviewed } = this;
    const before = {
      step,
      chosen,
      inspected,
      kind,
      reading,
      columns,
      given,
      known,
      create,
      totals,
      complete,
      zeroMissing,
    };
    this.reset();
    return () => Object.assign(this, before, { confirmed, edits, reviewed });
  }

  reset() {
    const fresh = { reading: nothing, columns: {}, given: {}, confirmed: [], edits: [] };
    Object.assign(this, fresh);
    Object.assign(this, { create: false, totals: false, complete: false, zeroMissing: false, known: "update" });
    Object.assign(this, { chosen: null, inspected: null, reviewed: null, imported: null, error: null, step: "file" });
    this.#round++;
    this.busy = null;
  }

  /** `kind`: what it holds, if somebody said so before; else what fits best. */
  async take(file: Chosen, kind: Kind | null = null) {
    this.reset();
    this.chosen = file;
    await this.look(kind);
    if (this.inspected) this.step = "map";
  }

  /** Looks at the file as it is to be read now. */
  async look(kind: Kind | null) {
    const { chosen } = this;
    if (!chosen) return;
    const round = ++this.#round;
    this.error = null;
    this.busy = { what: "look", work: "", now: null };
    try {
      const columns = Object.entries(this.columns);
      const seen = await call("inspect_file", { path: chosen.path, kind, reading: this.reading, columns });
      if (round !== this.#round) return;
      this.inspected = seen;
      this.kind = seen.kind;
    } catch (thrown) {
      if (round !== this.#round) return;
      this.error = failure(thrown);
    }
    this.busy = null;
  }

  /** Another kind of file: what was chosen for the last one means nothing. */
  setKind(kind: Kind) {
    this.columns = {};
    this.given = {};
    this.edits = [];
    this.confirmed = [];
    return this.look(kind);
  }

  setReading(part: Partial<FileReading>) {
    this.reading = { ...this.reading, ...part };
    return this.look(this.kind);
  }

  setColumn(field: string, column: string) {
    this.columns = { ...this.columns, [field]: column };
    return this.look(this.kind);
  }

  /** Fields that are needed and have neither column nor value. */
  readonly lacking = $derived(
    (this.inspected?.fields ?? []).filter(
      (field) => field.required && field.columns.length === 0 && !this.given[field.field]?.trim(),
    ),
  );

  request(work: string): ImportFile {
    const whole = Object.entries(this.given)
      .filter(([, value]) => value.trim() !== "")
      .map(([field, value]) => ({ field: field as FileFieldName, value: value.trim(), rows: "all" as const }));
    const changed = adjustments(this.edits);
    return {
      kind: this.kind,
      path: this.chosen?.path ?? "",
      dryRun: false,
      confirm: false,
      create: this.create ? true : null,
      columns: Object.entries(this.columns),
      rejects: null,
      known: this.known,
      totals: this.totals,
      complete: this.complete,
      zeroMissing: this.zeroMissing,
      confirmed: [...this.confirmed],
      reading: this.reading,
      adjustments: { ...changed, cells: [...whole, ...changed.cells] },
      reviewed: null,
      work,
    };
  }

  /** Shows what an import would do now; a review that is overtaken is stopped. */
  async review() {
    const { busy } = this;
    if (busy?.what === "review") void call("stop_work", { work: busy.work });
    const done = await this.#long("review", (work) => call("review_import", this.request(work)));
    if (!done) return;
    this.reviewed = done;
    this.step = "review";
  }

  async confirm() {
    const reviewed = this.reviewed?.sha256 ?? null;
    const done = await this.#long("import", (work) => call("import_file", { ...this.request(work), reviewed }));
    if (!done) return;
    this.imported = done;
    this.step = "done";
  }

  edit(edit: Edit) {
    this.edits = [...this.edits, edit];
    return this.review();
  }

  undoEdit() {
    this.edits = this.edits.slice(0, -1);
    return this.review();
  }

  answer(check: Check, yes: boolean) {
    const others = this.confirmed.filter((one) => one !== check);
    this.confirmed = yes ? [...others, check] : others;
    return this.review();
  }

  stop() {
    if (this.busy?.work) void call("stop_work", { work: this.busy.work });
  }

  async #long<T>(what: "review" | "import", start: (work: string) => Promise<T>): Promise<T | null> {
    const round = ++this.#round;
    const work = `${what} ${Date.now()} ${round}`;
    this.error = null;
    this.busy = { what, work, now: null };
    const watch = setInterval(() => {
      void call("show_work", { work }).then(
        (now) => {
          if (this.busy?.work === work) this.busy = { what, work, now };
        },
        () => {},
      );
    }, LOOK);
    try {
      const done = await start(work);
      return round === this.#round ? done : null;
    } catch (thrown) {
      if (round !== this.#round) return null;
      const failed = failure(thrown);
      if (failed.code === "stopped") toasts.done(text.stopped);
      else this.error = failed;
      return null;
    } finally {
      clearInterval(watch);
      if (round === this.#round) this.busy = null;
    }
  }
}

export const session = new Session();
