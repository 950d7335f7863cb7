// Which jobs the Pending tab shows, and in which order.
import type { JobView, RecentRun } from "../../generated/commands";
import { matches } from "../../state/palette.svelte";
import { bad } from "./words";

export type JobFilter = "on" | "paused" | "off" | "failing" | "overdue" | "pinned";
export type JobSort = "next" | "last" | "name" | "state" | "duration";

/** An occurrence may wait this long before it is called overdue. */
const PATIENCE = 120_000;

const ended = (job: JobView) =>
  job.recent.filter((run) => ["FINISHED", "PARTIAL", "FAILED", "CRASHED"].includes(run.state));

/** How many runs failed in a row until now. */
export function failures(job: JobView): number {
  const runs = ended(job);
  const first = runs.findIndex((run) => !bad(run.state));
  return first === -1 ? runs.length : first;
}

export const skips = (job: JobView) => job.recent.filter((run) => run.state === "SKIPPED").length;

export const overdue = (job: JobView, now: number) =>
  job.state === "ENABLED" && job.openRun === null && job.nextRun !== null && Date.parse(job.nextRun) < now - PATIENCE;

const state: Record<JobView["state"], JobFilter> = { ENABLED: "on", PAUSED: "paused", DRAFT: "off" };

/** Whether a job is what a filter looks for. */
export function fits(job: JobView, filter: JobFilter, now: number, pins: readonly string[]): boolean {
  if (filter === "failing") return job.state === "ENABLED" && failures(job) > 0;
  if (filter === "overdue") return overdue(job, now);
  if (filter === "pinned") return pins.includes(job.id);
  return state[job.state] === filter;
}

export interface Wanted {
  search: string;
  filters: readonly JobFilter[];
  group: string;
  pins: readonly string[];
  now: number;
}

/** All that can be found about a job. */
export const said = (job: JobView) =>
  [
    job.id,
    job.label,
    job.group,
    job.description,
    job.frequencyWords,
    job.cron ?? "",
    job.zone,
    job.state,
    ...job.parameters.flatMap((p) => [p.name, p.value === null ? "" : JSON.stringify(p.value)]),
    job.lastRun ? `${job.lastRun.id} ${job.lastRun.state} ${job.lastRun.reason ?? ""}` : "",
  ].join("\n");

const states: readonly JobFilter[] = ["on", "paused", "off"];

/** States widen each other, everything else narrows. Without a state: what is switched on; a search finds drafts too. */
export function wanted(jobs: readonly JobView[], by: Wanted): JobView[] {
  const among = by.filters.filter((filter) => states.includes(filter));
  const also = by.filters.filter((filter) => !states.includes(filter));
  const any = by.search !== "" || also.includes("pinned") ? states : (["on", "paused"] as const);
  return jobs.filter(
    (job) =>
      (among.length ? among : any).some((filter) => fits(job, filter, by.now, by.pins)) &&
      also.every((filter) => fits(job, filter, by.now, by.pins)) &&
      (by.group === "" || job.group === by.group) &&
      (by.search === "" || matches(by.search, said(job))),
  );
}

const last = <T>(values: (T | null | undefined)[]) => values.every((value) => value === null || value === undefined);

function compare(a: JobView, b: JobView, sort: JobSort): number {
  const text = (x: string | null | undefined, y: string | null | undefined, down = 1) =>
    last([x, y]) ? 0 : !x ? 1 : !y ? -1 : x.localeCompare(y) * down;
  if (sort === "next") return text(a.nextRun, b.nextRun);
  if (sort === "last") return text(a.lastRun?.at, b.lastRun?.at, -1);
  if (sort === "state")
    return text(
      a.state === "ENABLED" ? "a" : a.state === "PAUSED" ? "b" : "c",
      b.state === "ENABLED" ? "a" : b.state === "PAUSED" ? "b" : "c",
    );
  if (sort === "duration") return (b.lastRun?.durationMs ?? -1) - (a.lastRun?.durationMs ?? -1);
  return 0;
}

/** Equal ones stand by name. */
export const sorted = (jobs: readonly JobView[], sort: JobSort) =>
  jobs.toSorted((a, b) => compare(a, b, sort) || a.label.localeCompare(b.label) || a.group.localeCompare(b.group));

/** Bars of the newest runs, oldest first; the height is the duration beside the longest. */
export function bars(recent: readonly RecentRun[]) {
  const longest = Math.max(1, ...recent.map((run) => run.durationMs ?? 0));
  return recent.toReversed().map((run) => ({
    key: run.id,
    size: (run.durationMs ?? 0) / longest,
    look: bad(run.state) ? ("bad" as const) : run.durationMs === null ? ("hollow" as const) : ("plain" as const),
    run,
  }));
}
