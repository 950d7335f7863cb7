// How the core's findings are shown: looks, sizes, and which counter stands for which kind.
import type { Look } from "../../components/State.svelte";
import type { Counters, Finding, FindingKind, MachineLife } from "../../generated/commands";

/** Counters that lead to findings. */
export type Trouble = "stuck" | "failed" | "overdue" | "slow";
export const troubles: readonly Trouble[] = ["stuck", "failed", "overdue", "slow"];

/** The counter of each kind; one that belongs to none is always shown. */
const counter: Record<FindingKind, Trouble | null> = {
  unattended: null,
  abandoned: "stuck",
  stuck: "stuck",
  failed: "failed",
  overdue: "overdue",
  slow: "slow",
};

export const isTrouble = (text: string | undefined): text is Trouble => troubles.some((trouble) => trouble === text);

/** Findings of one counter; without, all. */
export const only = (findings: readonly Finding[], trouble: Trouble | undefined): readonly Finding[] =>
  trouble
    ? findings.filter((finding) => counter[finding.kind] === trouble || counter[finding.kind] === null)
    : findings;

/** How bad it is: what stops work is bad, what may pass is worth attention. */
export const look = (kind: FindingKind): Look => (kind === "slow" || kind === "overdue" ? "attention" : "bad");

export const machineLook: Record<MachineLife, Look> = { atWork: "good", silent: "bad", stopped: "off" };

/** Everything that somebody should look at, for the number beside the page. */
export const alarms = (counters: Counters): number =>
  counters.stuck + counters.failed + counters.overdue + counters.slow;

/** "0.4 ms", "12 ms". */
export const micros = (us: number): string => `${(us / 1_000).toFixed(us < 10_000 ? 1 : 0)} ms`;
