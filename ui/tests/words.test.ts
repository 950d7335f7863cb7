import { describe, expect, it } from "vitest";
import { matches } from "../src/state/palette.svelte";
import { brief, counted, date, fromNow, moment, span } from "../src/state/words";

const now = Date.parse("2026-10-25T00:30:00Z");

describe("words for times", () => {
  it.each([
    ["2026-10-25T00:34:00Z", "in 4 minutes"],
    ["2026-10-24T22:30:00Z", "2 hours ago"],
    ["2026-10-26T00:30:00Z", "tomorrow"],
    ["2026-10-25T00:30:20Z", "in less than a minute"],
    ["2026-10-25T00:29:50Z", "just now"],
  ])("%s is %s", (instant, words) => {
    expect(fromNow(instant, now), "a time is told from now").toBe(words);
  });

  it("shows a moment on the clocks of its zone, on both sides of a change", () => {
    expect(moment("2026-10-25T00:15:00Z", "Europe/Berlin"), "before the clocks go back").toBe(
      "Sun 25 Oct 2026, 02:15 CEST",
    );
    expect(moment("2026-10-25T01:15:00Z", "Europe/Berlin"), "after it").toBe("Sun 25 Oct 2026, 02:15 CET");
  });

  it("names the day only where it is another one", () => {
    expect(brief("2026-10-25T13:15:00Z", now, "UTC"), "today needs no name").toBe("13:15");
    expect(brief("2026-10-26T13:15:00Z", now, "UTC"), "another day does").toBe("Mon 26 Oct 13:15");
  });

  it("shows a calendar date as it is, wherever the computer stands", () => {
    expect(date("2026-12-24"), "a promise date has no zone").toBe("24 Dec 2026");
  });

  it("falls back to UTC for a zone the browser does not know", () => {
    expect(moment("2026-10-25T00:15:00Z", "Mars/Olympus"), "an unknown zone must not break the page").toContain("UTC");
  });

  it.each([
    [412, "412 ms"],
    [2_100, "2.1 s"],
    [59_400, "59 s"],
    [200_000, "3 min 20 s"],
    [7_500_000, "2 h 5 min"],
  ])("%i ms are %s", (ms, words) => {
    expect(span(ms), "a span is as exact as it needs to be").toBe(words);
  });
});

it("counts in the singular and the plural", () => {
  expect([counted(1, "run"), counted(2_318, "run")], "one run, many runs").toEqual(["1 run", "2,318 runs"]);
});

it("finds every word in any order, case and accent", () => {
  expect(matches("CATALOG refresh", "Auto refresh pre-sell catalog"), "order and case do not matter").toBe(true);
  expect(matches("decide", "Décide chaque jour"), "accents do not matter").toBe(true);
  expect(matches("refresh shop", "Auto refresh"), "a word that is nowhere finds nothing").toBe(false);
});
