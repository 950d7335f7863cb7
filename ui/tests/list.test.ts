import { describe, expect, it } from "vitest";
import { bars, failures, fits, overdue, skips, sorted, wanted } from "../src/features/jobs/list";
import { job, parameter, ran } from "./support";

const now = Date.parse("2026-10-25T12:10:00Z");
const all = { search: "", filters: [] as never[], group: "", pins: [] as string[], now };
const ids = (jobs: { id: string }[]) => jobs.map(({ id }) => id);

const jobs = [
  job({ id: "ON", label: "B" }),
  job({ id: "PAUSED", label: "A", state: "PAUSED", nextRun: null }),
  job({
    id: "OFF",
    label: "C",
    state: "DRAFT",
    nextRun: null,
    group: "More jobs",
    parameters: [parameter({ value: 7 })],
  }),
];

describe("the jobs that are shown", () => {
  it("are those that are switched on, as long as nothing is said", () => {
    expect(ids(wanted(jobs, all)), "drafts do not crowd the list").toEqual(["ON", "PAUSED"]);
  });

  it("include drafts when one searches, by any word of a job", () => {
    expect(ids(wanted(jobs, { ...all, search: "more" })), "the group is searched").toEqual(["OFF"]);
    expect(ids(wanted(jobs, { ...all, search: "limit 7" })), "parameters and their values are searched").toEqual([
      "OFF",
    ]);
    expect(ids(wanted(jobs, { ...all, search: "every PAUSED" })), "all words must be there").toEqual(["PAUSED"]);
  });

  it("follow several states together, and narrow by everything else", () => {
    expect(ids(wanted(jobs, { ...all, filters: ["paused", "off"] })), "states widen each other").toEqual([
      "PAUSED",
      "OFF",
    ]);
    expect(ids(wanted(jobs, { ...all, filters: ["pinned"], pins: ["OFF", "ON"] })), "a pinned draft is shown").toEqual([
      "ON",
      "OFF",
    ]);
    expect(ids(wanted(jobs, { ...all, filters: ["off"], group: "Pre-sell catalog" })), "filters combine").toEqual([]);
  });
});

describe("the order", () => {
  it("puts the next run first, and jobs without one last", () => {
    const later = job({ id: "LATER", nextRun: "2026-10-25T13:00:00Z" });
    expect(ids(sorted([...jobs, later], "next")), "who runs soonest is on top").toEqual([
      "ON",
      "LATER",
      "PAUSED",
      "OFF",
    ]);
  });

  it("goes by name where nothing else decides", () => {
    expect(ids(sorted(jobs, "name")), "names are in order").toEqual(["PAUSED", "ON", "OFF"]);
  });
});

describe("what a history says", () => {
  it("counts failures in a row until the last success", () => {
    const recent = [ran(5, "CANCELLED"), ran(4, "FAILED"), ran(3, "CRASHED"), ran(2, "FINISHED"), ran(1, "FAILED")];
    expect(failures(job({ recent })), "older failures are over").toBe(2);
    expect(fits(job({ recent }), "failing", now, []), "it is failing").toBe(true);
    expect(fits(job({ recent, state: "DRAFT" }), "failing", now, []), "what is off does not fail").toBe(false);
  });

  it("counts skipped runs apart", () => {
    expect(
      skips(job({ recent: [ran(3, "SKIPPED", null), ran(2, "FINISHED"), ran(1, "SKIPPED", null)] })),
      "two were left out",
    ).toBe(2);
  });

  it("calls a job overdue only when nothing is at work on it", () => {
    const late = { nextRun: "2026-10-25T12:00:00Z" };
    expect(overdue(job(late), now), "ten minutes are too many").toBe(true);
    expect(overdue(job({ ...late, openRun: 9 }), now), "it is at work").toBe(false);
    expect(overdue(job({ nextRun: "2026-10-25T12:09:00Z" }), now), "a minute is nothing").toBe(false);
  });

  it("becomes bars, oldest first, as high as they took long", () => {
    const drawn = bars([ran(3, "FAILED", 50), ran(2, "FINISHED", 200), ran(1, "SKIPPED", null)]);
    expect(
      drawn.map(({ key, look, size }) => [key, look, size]),
      "each run is one bar",
    ).toEqual([
      [1, "hollow", 0],
      [2, "plain", 1],
      [3, "bad", 0.25],
    ]);
  });
});
