// What setting up several jobs at once would do to each.
import type { JobView } from "../../generated/commands";
import { pipeline } from "../../messages/pipeline";

export type Often = "USUAL" | keyof typeof pipeline.frequencies;

export interface Planned {
  job: JobView;
  every: string;
  words: string;
  does: "created" | "changed" | "same";
}

/** A job whose usual frequency is "on demand" runs every day when it is switched on without another word. */
const FALLBACK = "EVERYDAY";

/** One row for each chosen job. A job that is on keeps its frequency unless one is named. */
export function plan(jobs: readonly JobView[], chosen: readonly string[], often: Often): Planned[] {
  return jobs
    .filter((job) => chosen.includes(job.id))
    .map((job) => {
      const usual = job.frequency === "ON_DEMAND" ? FALLBACK : job.frequency;
      const every = often === "USUAL" ? usual : often;
      const words =
        every === job.frequency
          ? job.frequencyWords
          : (pipeline.frequencies[every as keyof typeof pipeline.frequencies] ?? every);
      const does = job.state !== "ENABLED" ? "created" : every === job.frequency ? "same" : "changed";
      return { job, every, words, does };
    });
}
