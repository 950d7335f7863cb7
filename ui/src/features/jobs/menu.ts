// What the menu of a job offers.
import type { IconName } from "../../components/icons";
import type { JobView } from "../../generated/commands";
import { pipeline } from "../../messages/pipeline";
import { preferences } from "../../state/preferences.svelte";
import type { Resource } from "../../state/resource.svelte";
import { router } from "../../state/router.svelte";
import { cancel, copyJob, pause, resume, runNow, switchOn, togglePin } from "./actions";

export interface Item {
  label: string;
  icon: IconName;
  bad?: boolean;
  run: () => void;
}

/** `onskip` asks first, since a skipped run does not come back. */
export function items(job: JobView, jobs: Resource<JobView[]>, onskip: (job: JobView) => void): Item[] {
  const pinned = preferences.pins.includes(job.id);
  const on = job.state === "ENABLED";
  const all: (Item | false)[] = [
    job.available && { label: pipeline.runNow, icon: "play", run: () => void runNow(job) },
    on && job.nextRun !== null && { label: pipeline.skip, icon: "skip-forward", run: () => onskip(job) },
    on && { label: pipeline.pause, icon: "pause", run: () => void pause(job, jobs) },
    job.state === "PAUSED" && { label: pipeline.resume, icon: "play", run: () => void resume(job, jobs) },
    job.available &&
      job.state === "DRAFT" &&
      job.frequency !== "ON_DEMAND" && {
        label: pipeline.switchOn,
        icon: "circle-check",
        run: () => void switchOn(job, undefined, jobs),
      },
    { label: pinned ? pipeline.unpin : pipeline.pin, icon: pinned ? "pin-off" : "pin", run: () => togglePin(job.id) },
    { label: pipeline.showHistory, icon: "history", run: () => router.go("pipeline", { tab: "history", of: job.id }) },
    { label: pipeline.copy, icon: "copy", run: () => void copyJob(job) },
    job.state !== "DRAFT" && { label: pipeline.cancel, icon: "ban", bad: true, run: () => void cancel(job, jobs) },
  ];
  return all.filter((item): item is Item => item !== false);
}
