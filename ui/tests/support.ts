// A job and a run as the program tells them, to be varied by a test.
import type { JobView, ParameterView, RecentRun } from "../src/generated/commands";

export function job(part: Partial<JobView> = {}): JobView {
  return {
    id: "JOB_A",
    label: "Auto refresh",
    page: "PRE_ORDER",
    group: "Pre-sell catalog",
    description: "Keeps both lists right.",
    available: true,
    missing: null,
    state: "ENABLED",
    frequency: "EVERY_15_MIN",
    frequencyWords: "Every 15 minutes",
    cron: null,
    zone: "Europe/Berlin",
    nextRun: "2026-10-25T12:15:00Z",
    openRun: null,
    lastRun: null,
    recent: [],
    parameters: [],
    catchUp: "RUN_ONCE",
    overlap: "FOLLOW_UP",
    maxAttempts: 3,
    jitterSeconds: 0,
    timeoutSeconds: 3600,
    attention: [],
    version: 4,
    changedBy: "ada",
    ...part,
  };
}

export const ran = (id: number, state: RecentRun["state"], durationMs: number | null = 100): RecentRun => ({
  id,
  state,
  at: "2026-10-25T12:00:00Z",
  durationMs,
  changed: 0,
});

export const parameter = (part: Partial<ParameterView> = {}): ParameterView => ({
  name: "limit",
  kind: "number",
  help: "At most so many.",
  allowed: "a whole number from 1 to 100",
  required: false,
  secret: false,
  default: "50",
  value: null,
  ...part,
});
