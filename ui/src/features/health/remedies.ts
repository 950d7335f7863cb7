// What one click does about a finding: some remedies lead to a place, the others send a command.
import type { Finding, Remedy } from "../../generated/commands";
import { health } from "../../messages/health";
import { shell } from "../../messages/shell";
import { act } from "../../state/act";
import { href } from "../../state/router.svelte";

/** Where a remedy leads; none: it is a command. */
export function place(finding: Finding, remedy: Remedy): string | undefined {
  switch (remedy) {
    case "edit":
      return href("pipeline", { job: finding.job });
    case "showRun":
      return href("pipeline", { tab: "history", job: finding.job, run: finding.run?.toString() });
    case "keep":
      return href("settings", { section: "notifications" });
    default:
      return undefined;
  }
}

/** Does it, and says what came of it. */
export async function take(finding: Finding, remedy: Remedy): Promise<void> {
  const { job, run, label } = finding;
  const name = label ?? job ?? "";
  if (remedy === "release") await act("release_runs", {}, { done: ({ runs }) => health.released(runs.length) });
  if (remedy === "stop" && run !== null)
    await act("stop_run", { id: run }, { done: ({ cancelled }) => health.stopping(name, cancelled) });
  if (job === null) return;
  if (remedy === "runNow") await act("run_job", { id: job }, { done: ({ state }) => health.ran(name, state) });
  if (remedy === "skip") await act("skip_run", { id: job }, { done: () => health.skipped(name) });
  if (remedy === "pause") {
    const undo = { label: shell.undo, run: () => act("resume_job", { id: job }) };
    await act("pause_job", { id: job }, { done: () => health.pausedOne(name), undo });
  }
}
