import { describe, expect, it } from "vitest";
import { alarms, look, only } from "../src/features/health/words";
import type { Finding, FindingKind } from "../src/generated/commands";
import { size } from "../src/state/words";

const finding = (kind: FindingKind): Finding => ({
  kind,
  job: "JOB",
  label: "A job",
  run: 1,
  since: "2026-11-23T09:00:00Z",
  why: "because",
  remedies: [],
});

describe("what needs somebody", () => {
  const all = (["unattended", "abandoned", "stuck", "failed", "overdue", "slow"] as const).map(finding);

  it("is narrowed to a counter, and what stops all of it is always shown", () => {
    const kinds = (trouble: Parameters<typeof only>[1]) => only(all, trouble).map(({ kind }) => kind);
    expect(kinds(undefined), "without a counter all of it is shown").toHaveLength(6);
    expect(kinds("stuck"), "a run whose machine is gone is stuck, too").toEqual(["unattended", "abandoned", "stuck"]);
    expect(kinds("slow"), "the others are left out").toEqual(["unattended", "slow"]);
  });

  it("is bad where work stands still, and worth a look where it may pass", () => {
    expect(all.map(({ kind }) => look(kind))).toEqual(["bad", "bad", "bad", "bad", "attention", "attention"]);
  });

  it("is counted once for each", () => {
    const none = { active: 9, paused: 9, draft: 9, unavailable: 9, running: 9 };
    const counters = { ...none, stuck: 1, failed: 2, overdue: 3, slow: 4 };
    expect(alarms(counters), "jobs that are fine are no alarm").toBe(10);
  });
});

describe("sizes", () => {
  it.each([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [1_200, "1.2 kB"],
    [43_000, "43 kB"],
    [5_600_000_000, "5.6 GB"],
  ])("%s is %s", (bytes, words) => expect(size(bytes), "a size is short").toBe(words));
});
