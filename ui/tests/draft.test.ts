import { describe, expect, it } from "vitest";
import { Draft } from "../src/features/jobs/draft.svelte";
import { plan } from "../src/features/jobs/setup";
import { job, parameter } from "./support";

describe("edits that are not saved", () => {
  it("hold only what differs from what is saved", () => {
    const draft = new Draft();
    draft.set(job(), "every", "HOURLY");
    expect(draft.setting, "one field was touched").toEqual({ every: "HOURLY" });
    draft.set(job(), "every", "EVERY_15_MIN");
    expect(draft.touched, "back at the saved value there is nothing to save").toBe(false);
  });

  it("hold a frequency by name or by expression, never both", () => {
    const draft = new Draft();
    draft.set(job(), "every", "HOURLY");
    draft.set(job(), "cron", "30 6 * * *");
    expect(draft.setting, "the expression replaces the name").toEqual({ cron: "30 6 * * *" });
    draft.set(job(), "every", "EVERYDAY");
    expect(draft.setting, "and the other way round").toEqual({ every: "EVERYDAY" });
  });

  it("send a parameter that goes back to its default as null", () => {
    const set = job({ parameters: [parameter({ value: 7 })] });
    const draft = new Draft();
    draft.setParameter(set, set.parameters[0]!, null);
    expect(draft.setting, "null is the word for the default").toEqual({ parameters: { limit: null } });
    expect(draft.changes(set), "old and new are told").toEqual([
      { key: "limit", label: "Limit", before: "7", after: "50" },
    ]);
  });

  it("name needed parameters without a value", () => {
    const needs = job({ parameters: [parameter({ required: true, default: null })] });
    const draft = new Draft();
    expect(draft.missing(needs), "nothing is set").toEqual(["limit"]);
    draft.setParameter(needs, needs.parameters[0]!, 3);
    expect(draft.missing(needs), "now it is").toEqual([]);
  });

  it("stand beside what somebody else saved, and lose nothing", () => {
    const draft = new Draft();
    draft.set(job(), "every", "HOURLY");
    draft.set(job(), "zone", "UTC");
    const theirs = job({ version: 5, frequency: "EVERY_30_MIN", frequencyWords: "Every 30 minutes" });
    expect(draft.stale(theirs), "a newer version is noticed").toBe(true);
    expect(draft.changes(theirs)[0], "their value and ours side by side").toEqual({
      key: "every",
      label: "Frequency",
      before: "Every 30 minutes",
      after: "Hourly",
    });
    draft.drop("every");
    expect(draft.setting, "taking theirs leaves the rest of ours").toEqual({ zone: "UTC" });
    draft.version = theirs.version;
    expect(draft.stale(theirs), "what was looked at is no conflict any more").toBe(false);
  });
});

describe("setting up several jobs", () => {
  const jobs = [
    job({ id: "ON" }),
    job({ id: "OFF", state: "DRAFT" }),
    job({ id: "DEMAND", state: "DRAFT", frequency: "ON_DEMAND", frequencyWords: "On demand" }),
  ];

  it("changes nothing that is set up already", () => {
    const rows = plan(jobs, ["ON", "OFF", "DEMAND"], "USUAL").map(({ job, every, does }) => [job.id, every, does]);
    expect(rows, "doing it twice does nothing").toEqual([
      ["ON", "EVERY_15_MIN", "same"],
      ["OFF", "EVERY_15_MIN", "created"],
      ["DEMAND", "EVERYDAY", "created"],
    ]);
  });

  it("gives one frequency to all that are chosen", () => {
    const rows = plan(jobs, ["ON"], "HOURLY");
    expect([rows.length, rows[0]?.does, rows[0]?.words], "only the chosen one changes").toEqual([
      1,
      "changed",
      "Hourly",
    ]);
  });
});
