// What the frame around the pages shows of the whole: how many jobs are on, what runs next, what fails.
import type { JobView } from "../../generated/commands";
import { resource } from "../../state/resource.svelte";

/** Numbers beside the pages, by the page's id; a page's slice sets its own. */
export const counts: Record<string, { text: string; bad?: boolean } | undefined> = $state({});

export function machine() {
  const jobs = resource("list_jobs", () => ({}));
  const on = $derived((jobs.data ?? []).filter((job) => job.state === "ENABLED"));
  return {
    get known() {
      return jobs.data !== undefined;
    },
    get away() {
      return jobs.error;
    },
    get on() {
      return on.length;
    },
    get next() {
      return soonest(on);
    },
    get failing() {
      return on.filter(failing).length;
    },
    retry: jobs.reload,
  };
}

/** The job that runs next. */
export function soonest(jobs: readonly JobView[]): JobView | undefined {
  return jobs
    .filter((job) => job.nextRun !== null)
    .toSorted((a, b) => (a.nextRun ?? "").localeCompare(b.nextRun ?? ""))
    .at(0);
}

/** Its last run failed. */
export const failing = (job: JobView) => job.lastRun?.state === "FAILED" || job.lastRun?.state === "CRASHED";
