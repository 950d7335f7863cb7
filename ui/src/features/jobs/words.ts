// What states, counts and frequencies of jobs look like in words.
import type { Look } from "../../components/State.svelte";
import type { Counts, JobView, JsonValue, RunState, RunView, ScheduleState } from "../../generated/commands";
import { pipeline } from "../../messages/pipeline";
import { number, span } from "../../state/words";

const looks: Record<RunState | ScheduleState, Look> = {
  PENDING: "waiting",
  QUEUED: "waiting",
  RUNNING: "active",
  STOPPING: "active",
  FINISHED: "good",
  PARTIAL: "attention",
  SKIPPED: "attention",
  FAILED: "bad",
  CRASHED: "bad",
  CANCELLED: "off",
  DRAFT: "off",
  PAUSED: "off",
  ENABLED: "good",
};

/** Look and word of a state. */
export const seen = (state: RunState | ScheduleState) => ({ look: looks[state], word: pipeline.states[state] });

export const open = (state: RunState) => ["PENDING", "QUEUED", "RUNNING", "STOPPING"].includes(state);
export const bad = (state: RunState) => state === "FAILED" || state === "CRASHED";

/** "12 changed, 1 failed": what matters of the counts. */
export function did(counts: Counts | null): string {
  if (!counts) return "";
  const words = (["changed", "failed", "skipped"] as const)
    .filter((key) => counts[key] > 0)
    .map((key) => pipeline.counts[key](counts[key]));
  return words.join(", ") || pipeline.counts.nothing;
}

/** All counts, the way they add up. */
export const allCounts = (counts: Counts) =>
  (["examined", "changed", "unchanged", "failed", "skipped"] as const).map((key) => pipeline.counts[key](counts[key]));

/** "12 changed · 0.4 s". */
export const outcome = (counts: Counts | null, durationMs: number | null) =>
  [did(counts), durationMs === null ? "" : span(durationMs)].filter(Boolean).join(" · ");

/** Why a run did not end well, and what to do; null: it did. */
export function explained(run: RunView): { why: string; what: string } | null {
  if (open(run.state) || run.state === "FINISHED") return null;
  const known = run.reason ? pipeline.reasons[run.reason] : undefined;
  const firstLine = run.error?.split("\n")[0];
  const detail = run.detail ? ` (${run.detail})` : "";
  if (known)
    return {
      why: (run.reason === "BRAKE" || run.reason === "BAD_PARAMETERS") && firstLine ? firstLine : known[0] + detail,
      what: known[1],
    };
  if (run.state === "PARTIAL") return { why: run.counts ? did(run.counts) : "", what: pipeline.unknownReason };
  return { why: firstLine ?? run.reason ?? pipeline.states[run.state], what: pipeline.unknownReason };
}

/** "maxChangePercent" as people read it: "Max change percent". */
export function spoken(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const shown = (value: JsonValue | undefined): string =>
  value === null || value === undefined
    ? pipeline.unset
    : Array.isArray(value)
      ? value.map(shown).join(", ")
      : typeof value === "number"
        ? number(value)
        : typeof value === "object"
          ? JSON.stringify(value)
          : String(value);

/** All that helps somebody who is asked about a run; secrets come masked. */
export function copyOf(run: RunView): string {
  return [
    `${run.label ?? run.job} (${run.job}), run ${run.id}`,
    `${pipeline.states[run.state]}${run.reason ? `, ${run.reason}` : ""}${run.detail ? `, ${run.detail}` : ""}`,
    `${run.startedAt ?? "-"} … ${run.finishedAt ?? "-"}`,
    `parameters ${JSON.stringify(run.parameters)}`,
    ...(run.counts ? [`counts ${JSON.stringify(run.counts)}`] : []),
    ...(run.error ? [run.error] : []),
    ...run.log.map((line) => `${line.at} ${line.level} ${line.text}`),
  ].join("\n");
}

export function copyOfJob(job: JobView): string {
  const set = Object.fromEntries(job.parameters.filter((p) => p.value !== null).map((p) => [p.name, p.value]));
  return [
    `${job.label} (${job.id})`,
    job.description,
    `${job.frequencyWords}, ${job.zone}`,
    `parameters ${JSON.stringify(set)}`,
  ].join("\n");
}
