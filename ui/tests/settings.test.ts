import { describe, expect, it } from "vitest";
import { shown, wrong } from "../src/features/settings/rule.svelte";
import { done, stepOf } from "../src/features/start/steps";
import type { DataLocation, FirstStart } from "../src/generated/commands";
import { settings } from "../src/messages/settings";
import { start } from "../src/messages/start";

const pieces = {
  kind: "number",
  unit: "pieces",
  range: [0, 100] as [number, number],
  allowed: "a whole number from 0 to 100",
  canBeOff: false,
};

describe("a rule", () => {
  it("is shown in words, with what its number counts", () => {
    expect(shown(pieces, "3"), "a number says what it counts").toBe("3 pieces");
    expect(shown({ kind: "number", unit: "hours" }, "off"), "no number is no limit").toBe("no limit");
    expect(shown({ kind: "flag", unit: null }, "true"), "a flag is on or off").toBe("on");
    expect(shown({ kind: "zone", unit: null }, "Europe/Paris"), "a zone is its name").toBe("Europe/Paris");
  });

  it.each(["", "-1", "101", "1.5", "many", "off"])("refuses %j before it is sent", (value) => {
    expect(wrong(pieces, value), "what is accepted is said").toBe("Give a whole number from 0 to 100");
  });

  it("takes what is allowed", () => {
    expect(wrong(pieces, "100"), "the limits belong to it").toBeUndefined();
    expect(wrong({ ...pieces, canBeOff: true }, "off"), "off, where that is a value").toBeUndefined();
    expect(wrong({ ...pieces, kind: "choice" }, "x"), "the core judges what is no number").toBeUndefined();
  });

  it("says what it would change, the losses first", () => {
    expect(settings.effect(0, 0, 0, 0), "nothing is said as such").toBe("No product is affected");
    expect(settings.effect(3, 0, 0, 12), "losses first").toBe(
      "Products affected: 12 would leave the lists and 3 would come onto them",
    );
  });
});

describe("the first steps", () => {
  const location = { chosen: "default", next: null } as DataLocation;
  const fresh = { empty: true, jobsOn: false } as FirstStart;

  it("are named by the address, and anything else is the first", () => {
    expect(["1", "2", "3", "4", "0", "x", undefined].map((text) => stepOf(text))).toEqual([1, 2, 3, 1, 1, 1, 1]);
  });

  it("are done when there is nothing left to do", () => {
    expect(
      [1, 2, 3].map((step) => done(step, fresh, location)),
      "a new house",
    ).toEqual([false, false, false]);
    expect(done(1, fresh, { ...location, next: "elsewhere" }), "a place was chosen").toBe(true);
    expect(done(2, { ...fresh, empty: false }, location), "something is in").toBe(true);
    expect(done(3, { ...fresh, jobsOn: true }, location), "a job is on").toBe(true);
  });

  it("say what the job would do", () => {
    expect(start.would(12, 0, 1, 3)).toBe(
      "Right now it would add 12 products and change 1 product. 3 products cannot be decided, because the stock is unknown.",
    );
  });
});
