// TEMPORARY: written by hand until it is generated from the list of commands.
/* eslint-disable */
export type At = string;
export type Topic = "catalog" | "health" | "imports" | "jobs" | "orders" | "products" | "purchaseOrders" | "runs" | "settings" | "stock";
export type ScheduleState = "DRAFT" | "ENABLED" | "PAUSED";
export type RunState = "PENDING" | "QUEUED" | "RUNNING" | "STOPPING" | "FINISHED" | "PARTIAL" | "FAILED" | "CRASHED" | "CANCELLED" | "SKIPPED";
export type Origin = "SCHEDULE" | "RETRY" | "RESUME" | "MANUAL" | "EVENT" | "CHILD";
export type CatchUp = "RUN_ONCE" | "SKIP" | "RUN_ALL";
export type Overlap = "FOLLOW_UP" | "SKIP" | "PARALLEL";
export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]?: JsonValue } | null;
export type Counts = { examined: number; changed: number; unchanged: number; failed: number; skipped: number };
export type LastRun = { id: number; state: RunState; reason: string | null; at: At; durationMs: number | null; counts: Counts | null };
export type ParameterView = { name: string; kind: string; help: string; allowed: string; required: boolean; secret: boolean; default: string | null; value: JsonValue | null };
export type JobView = { id: string; label: string; page: string; group: string; description: string; available: boolean; missing: string | null; state: ScheduleState; frequency: string; frequencyWords: string; cron: string | null; zone: string; nextRun: At | null; openRun: number | null; lastRun: LastRun | null; parameters: Array<ParameterView>; catchUp: CatchUp; overlap: Overlap; maxAttempts: number; jitterSeconds: number; timeoutSeconds: number; attention: Array<string>; version: number; changedBy: string | null };
export type Setting = { every?: string | null; cron?: string | null; zone?: string | null; at?: string | null; parameters?: { [key in string]?: JsonValue }; catchUp?: CatchUp | null; overlap?: Overlap | null; maxAttempts?: number | null; jitterSeconds?: number | null; timeoutSeconds?: number | null };
export type ValueChanged = { field: string; before: string; after: string };
export type JobSaved = JobView & { changes: Array<ValueChanged> };
export type RunSkipped = JobView & { skipped: At };
export type ComingRun = { due: At; local: string; note: string | null };
export type LogEntry = { at: At; level: string; text: string };
export type RunView = { id: number; job: string; label: string | null; state: RunState; reason: string | null; detail: string | null; origin: Origin; actor: string; attempt: number; maxAttempts: number; covers: number; parent: number | null; dueAt: At | null; createdAt: At; startedAt: At | null; finishedAt: At | null; durationMs: number | null; done: number | null; total: number | null; counts: Counts | null; result: JsonValue | null; error: string | null; parameters: { [key in string]?: JsonValue }; log: Array<LogEntry>; parts: Array<RunView> };
export type SwitchJob = { id: string; catchUp?: boolean };
export interface Commands {
  list_jobs: [{ search?: string | null }, Array<JobView>];
  show_job: [{ id: string }, JobView];
  save_job: [{ id: string; setting?: Setting; version?: number | null }, JobSaved];
  enable_job: [{ id: string; setting?: Setting }, JobSaved];
  disable_job: [SwitchJob, JobView];
  restore_job: [SwitchJob, JobView];
  pause_job: [SwitchJob, JobView];
  resume_job: [SwitchJob, JobView];
  skip_run: [SwitchJob, RunSkipped];
  preview_job: [{ id: string; setting?: Setting; count?: number | null }, Array<ComingRun>];
  run_job: [{ id: string; parameters?: { [key in string]?: JsonValue }; dryRun?: boolean }, RunView];
  list_runs: [{ job?: string | null; state?: RunState | null; limit?: number | null }, Array<RunView>];
  show_run: [{ id: number }, RunView];
  stop_run: [{ id: number }, { id: number; cancelled: boolean }];
}
export const READS = {
  list_jobs: ["jobs", "runs"], show_job: ["jobs", "runs"], save_job: [], enable_job: [], disable_job: [], restore_job: [], pause_job: [], resume_job: [], skip_run: [],
  preview_job: ["jobs"], run_job: [], list_runs: ["runs"], show_run: ["runs"], stop_run: [],
} as const satisfies { [K in keyof Commands]: readonly Topic[] };
export const WRITES = {
  list_jobs: [], show_job: [], save_job: ["jobs"], enable_job: ["jobs", "runs"], disable_job: ["jobs", "runs"], restore_job: ["jobs"], pause_job: ["jobs"], resume_job: ["jobs", "runs"], skip_run: ["jobs", "runs"],
  preview_job: [], run_job: ["runs", "catalog"], list_runs: [], show_run: [], stop_run: ["runs"],
} as const satisfies { [K in keyof Commands]: readonly Topic[] };
