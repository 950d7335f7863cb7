// What somebody changes about a job before it is saved. Only fields that were touched are here, so that what others
// save meanwhile shows through everywhere else.
import type { CatchUp, JobSetting, JobView, JsonValue, Overlap, ParameterView } from "../../generated/commands";
import { pipeline } from "../../messages/pipeline";
import { shown, spoken } from "./words";

type Setting = Partial<JobSetting>;

export interface Fields {
  /** Id of a frequency, or a step such as `20m`. */
  every: string;
  cron: string;
  zone: string;
  at: string;
  catchUp: CatchUp;
  overlap: Overlap;
  maxAttempts: number;
}

export type Change = { key: string; label: string; before: string; after: string };

/** The frequency as people write it: a name, or the expression of a custom one. */
const often = (every: string | undefined, cron: string | undefined) =>
  cron ?? (every === undefined ? "" : (pipeline.frequencies[every as keyof typeof pipeline.frequencies] ?? every));

export class Draft {
  fields = $state.raw<Partial<Fields>>({});
  parameters = $state.raw<Record<string, JsonValue>>({});
  /** The version of the job when the first field was touched. */
  version = $state(0);
  /** What the program refused about each field when it was last asked to save. */
  refused = $state.raw<Record<string, string>>({});

  get touched() {
    return Object.keys(this.fields).length + Object.keys(this.parameters).length > 0;
  }

  /** A field gets a value; one that is as saved is no change. */
  set<K extends keyof Fields>(job: JobView, key: K, value: Fields[K] | undefined) {
    this.#begin(job);
    const same = value === undefined || value === saved(job, key);
    const { [key]: _, ...rest } = this.fields;
    this.fields = (same ? rest : { ...rest, [key]: value }) as Partial<Fields>;
    // A frequency is a name or an expression, not both.
    if (key === "every" && !same) this.fields = without(this.fields, "cron");
    if (key === "cron" && !same) this.fields = without(this.fields, "every");
    this.#forget(key);
  }

  /** A parameter gets a value; null: back to its default. */
  setParameter(job: JobView, parameter: ParameterView, value: JsonValue) {
    this.#begin(job);
    const rest = without(this.parameters, parameter.name);
    const same = JSON.stringify(value) === JSON.stringify(parameter.value);
    this.parameters = same ? rest : { ...rest, [parameter.name]: value };
    this.#forget(parameter.name);
  }

  drop(key: string) {
    this.fields = without(this.fields, key as keyof Fields);
    this.parameters = without(this.parameters, key);
  }

  clear() {
    this.fields = {};
    this.parameters = {};
    this.refused = {};
  }

  /** The frequency, its expression, zone and time alone: what the next runs depend on. */
  get timing(): Setting {
    const { every, cron, zone, at } = this.fields;
    return {
      ...(every !== undefined && { every }),
      ...(cron !== undefined && { cron }),
      ...(zone !== undefined && { zone }),
      ...(at !== undefined && { at }),
    };
  }

  get setting(): Setting {
    return { ...this.fields, ...(Object.keys(this.parameters).length > 0 && { parameters: this.parameters }) };
  }

  /** Somebody else saved after the first field was touched. */
  stale(job: JobView) {
    return this.touched && this.version !== job.version;
  }

  /** Old and new of each change. */
  changes(job: JobView): Change[] {
    const { every, cron, zone, at, catchUp, overlap, maxAttempts } = this.fields;
    const rows: Change[] = [];
    const add = (key: string, label: string, before: string, after: string | undefined) => {
      if (after !== undefined) rows.push({ key, label, before, after });
    };
    if (every !== undefined || cron !== undefined)
      add(cron === undefined ? "every" : "cron", pipeline.frequency, job.frequencyWords, often(every, cron));
    add(
      "at",
      pipeline.runTime,
      pipeline.times.keep,
      at && (pipeline.times[at as keyof typeof pipeline.times] ?? at.replace("T", " ")),
    );
    add("zone", pipeline.zone, job.zone, zone);
    add("catchUp", pipeline.missed, pipeline.catchUps[job.catchUp], catchUp && pipeline.catchUps[catchUp]);
    add("overlap", pipeline.overlap, pipeline.overlaps[job.overlap], overlap && pipeline.overlaps[overlap]);
    add("maxAttempts", pipeline.attempts, String(job.maxAttempts), maxAttempts?.toString());
    for (const parameter of job.parameters)
      if (parameter.name in this.parameters)
        add(
          parameter.name,
          spoken(parameter.name),
          shown(parameter.value ?? parameter.default),
          shown(this.parameters[parameter.name] ?? parameter.default),
        );
    return rows;
  }

  /** Names of needed parameters that have no value. */
  missing(job: JobView): string[] {
    return job.parameters
      .filter(
        (p) =>
          p.required &&
          p.default === null &&
          (this.parameters[p.name] ?? (p.name in this.parameters ? null : p.value)) === null,
      )
      .map((p) => p.name);
  }

  #begin(job: JobView) {
    if (!this.touched) this.version = job.version;
  }
  #forget(key: string) {
    this.refused = without(this.refused, key);
  }
}

function saved(job: JobView, key: keyof Fields): unknown {
  if (key === "every") return job.frequency;
  if (key === "at") return undefined;
  return job[key];
}

function without<T extends object>(values: T, key: keyof T): T {
  const { [key]: _, ...rest } = values;
  return rest as T;
}
