// What can be done with a job and a run. Each says what it did, and how to take it back where that is possible.
import type { JobView, RunView } from "../../generated/commands";
import { pipeline } from "../../messages/pipeline";
import { act } from "../../state/act";
import { call, onChange } from "../../state/changes";
import { preferences } from "../../state/preferences.svelte";
import type { Resource } from "../../state/resource.svelte";
import { router } from "../../state/router.svelte";
import { toasts } from "../../state/toasts.svelte";
import { brief } from "../../state/words";
import { copyOf, copyOfJob, open, outcome } from "./words";

type Jobs = Resource<JobView[]>;

/** "14:30", as the job's clocks show it. */
export const nextOf = (job: JobView) => (job.nextRun ? brief(job.nextRun, Date.now(), job.zone) : "");

/** The list shows it before it is known. */
const expect = (jobs: Jobs | undefined, id: string, part: Partial<JobView>) =>
  jobs ? () => jobs.patch((all) => all.map((job) => (job.id === id ? { ...job, ...part } : job))) : undefined;

function step(expected: (() => () => void) | undefined) {
  return expected ? { expect: expected } : {};
}

export const pause = (job: JobView, jobs?: Jobs) =>
  act(
    "pause_job",
    { id: job.id },
    {
      ...step(expect(jobs, job.id, { state: "PAUSED", nextRun: null })),
      done: () => pipeline.did.paused(job.label),
      undo: {
        label: pipeline.undo,
        run: () => act("resume_job", { id: job.id }, { done: () => pipeline.did.back(job.label) }),
      },
    },
  );

export const resume = (job: JobView, jobs?: Jobs) =>
  act(
    "resume_job",
    { id: job.id },
    {
      ...step(expect(jobs, job.id, { state: "ENABLED" })),
      done: (now) => pipeline.did.resumed(job.label, nextOf(now)),
      undo: {
        label: pipeline.undo,
        run: () => act("pause_job", { id: job.id }, { done: () => pipeline.did.back(job.label) }),
      },
    },
  );

export const cancel = (job: JobView, jobs?: Jobs) =>
  act(
    "disable_job",
    { id: job.id },
    {
      ...step(expect(jobs, job.id, { state: "DRAFT", nextRun: null })),
      done: () => (job.openRun === null ? pipeline.did.cancelled(job.label) : pipeline.did.cancelledOpen(job.label)),
      undo: {
        label: pipeline.undo,
        run: () => act("restore_job", { id: job.id }, { done: () => pipeline.did.back(job.label) }),
      },
    },
  );

export const switchOn = (job: JobView, every?: string, jobs?: Jobs) =>
  act(
    "enable_job",
    { id: job.id, ...(every && { setting: { every } as never }) },
    {
      ...step(expect(jobs, job.id, { state: "ENABLED" })),
      done: (now) => pipeline.did.on(job.label, now.frequencyWords, nextOf(now)),
      undo: {
        label: pipeline.undo,
        run: () => act("disable_job", { id: job.id }, { done: () => pipeline.did.back(job.label) }),
      },
    },
  );

/** Starts a copy now; the end is told when it comes. */
export async function runNow(
  job: { id: string; label: string },
  parameters: RunView["parameters"] = {},
  dryRun = false,
) {
  const asked = await act("start_run", { id: job.id, parameters, dryRun });
  if (!asked) return undefined;
  const show = { label: pipeline.show, run: () => router.go("pipeline", { run: String(asked.run.id) }) };
  toasts.done(asked.waits ? pipeline.did.waits(job.label) : pipeline.did.started(job.label), show);
  tellEnd(asked.run.id, job.label, show);
  return asked.run;
}

function tellEnd(id: number, label: string, show: { label: string; run: () => void }) {
  let busy = false;
  let again = false;
  async function look() {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      again = false;
      const run = await call("show_run", { id }).catch(() => null);
      if (run && open(run.state)) continue;
      stop();
      if (run) tell(run);
      return;
    }
    busy = false;
  }
  function tell(run: RunView) {
    const state = pipeline.states[run.state].toLowerCase();
    const text = pipeline.did.ended(label, state, outcome(run.counts, run.durationMs));
    if (run.state === "FAILED" || run.state === "CRASHED") toasts.failed(text, show);
    else toasts.done(text, show);
  }
  const stop = onChange(() => void look());
  // It may have ended before anybody listened.
  void look();
}

export const stopRun = (run: RunView) =>
  act(
    "stop_run",
    { id: run.id },
    { done: (now) => (now.cancelled ? pipeline.did.stopped(run.id) : pipeline.did.stopping(run.id)) },
  );

export function togglePin(id: string) {
  const { pins } = preferences;
  preferences.pins = pins.includes(id) ? pins.filter((other) => other !== id) : [...pins, id];
}

async function copy(text: string) {
  await navigator.clipboard.writeText(text);
  toasts.done(pipeline.did.copied);
}
export const copyJob = (job: JobView) => copy(copyOfJob(job)).catch(toasts.failed.bind(toasts));
export const copyRun = (run: RunView) => copy(copyOf(run)).catch(toasts.failed.bind(toasts));
