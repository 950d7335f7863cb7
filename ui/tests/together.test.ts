import { describe, expect, it, vi } from "vitest";
import { Together } from "../src/state/together.svelte";

describe("a page whose parts load by themselves", () => {
  it("is shown when all parts that were there from the beginning are known", () => {
    const [page, one, other] = [new Together(), {}, {}];
    page.wait(one);
    page.wait(other);
    page.begin();
    page.done(one);
    expect(page.shown, "one part alone would move when the other comes").toBe(false);
    page.done(other);
    expect(page.shown, "now nothing moves any more").toBe(true);
    page.wait({});
    expect(page.shown, "what is opened later does not hide the rest").toBe(true);
  });

  it("is shown at once without parts, also if they were faster than the page", () => {
    const [page, part] = [new Together(), {}];
    page.wait(part);
    page.done(part);
    expect(page.shown, "the page itself is not there yet").toBe(false);
    page.begin();
    expect(page.shown).toBe(true);
  });

  it("does not wait for ever", () => {
    vi.useFakeTimers();
    const page = new Together();
    page.wait({});
    page.begin();
    vi.advanceTimersByTime(1_000);
    expect(page.shown, "a part that hangs does not hide the page").toBe(true);
    vi.useRealTimers();
  });
});
