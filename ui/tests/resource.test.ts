import { describe, expect, it, vi } from "vitest";
import { failure } from "../src/platform";
import { Resource } from "../src/state/resource.svelte";
import { toasts, UNDO } from "../src/state/toasts.svelte";

function later<T>() {
  let settle!: (value: T) => void;
  let refuse!: (reason: unknown) => void;
  const promise = new Promise<T>((resolve, reject) => {
    settle = resolve;
    refuse = reject;
  });
  return { promise, settle, refuse };
}

describe("a resource", () => {
  it("keeps its answer while another loads, and also when that fails", async () => {
    const [first, second] = [later<number>(), later<number>()];
    const loads = [first, second];
    const made = new Resource<number>(() => loads.shift()!.promise);
    const loaded = made.reload();
    first.settle(1);
    await loaded;
    const again = made.reload();
    expect([made.data, made.loading], "the old answer stays meanwhile").toEqual([1, true]);
    second.refuse({ code: "failed", message: "The disk is full." });
    await again;
    expect([made.data, made.error?.message], "a failure does not empty the screen").toEqual([1, "The disk is full."]);
  });

  it("drops an answer that a later one has overtaken", async () => {
    const [slow, fast] = [later<string>(), later<string>()];
    const loads = [slow, fast];
    const made = new Resource<string>(() => loads.shift()!.promise);
    const one = made.reload();
    const two = made.reload();
    fast.settle("new");
    await two;
    slow.settle("old");
    await one;
    expect(made.data, "what was asked last counts").toBe("new");
  });

  it("shows answers also where changes come faster than they do", async () => {
    vi.useFakeTimers();
    const loads: ReturnType<typeof later<number>>[] = [];
    const made = new Resource<number>(() => (loads.push(later<number>()), loads.at(-1)!.promise));
    void made.reload();
    for (let change = 0; change < 20; change++) {
      made.soon();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(loads.length, "what is on its way is waited for").toBe(1);
    loads[0]!.settle(1);
    await vi.advanceTimersByTimeAsync(200);
    expect([made.data, loads.length], "its answer shows, and all changes since are asked for once").toEqual([1, 2]);
    loads[1]!.settle(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([made.data, loads.length], "then there is rest").toEqual([2, 2]);
    vi.useRealTimers();
  });

  it("asks again after what was expected, if something changed while an answer was dropped", async () => {
    vi.useFakeTimers();
    const loads = [Promise.resolve(1), new Promise<number>(() => {}), Promise.resolve(3)];
    const made = new Resource<number>(() => loads.shift()!);
    await made.reload();
    void made.reload();
    made.soon();
    made.patch(() => 2);
    expect(made.data, "what is expected shows").toBe(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(made.data, "and what is so, after it").toBe(3);
    vi.useRealTimers();
  });

  it("takes back what was expected, unless something else is known by then", async () => {
    const made = new Resource<number>(() => Promise.resolve(7));
    await made.reload();
    const back = made.patch((n) => n + 1);
    expect(made.data, "it is shown at once").toBe(8);
    back();
    expect(made.data, "and taken back").toBe(7);
    const late = made.patch((n) => n + 1);
    await made.reload();
    late();
    expect(made.data, "an answer in between is the truth").toBe(7);
  });
});

describe("a failure", () => {
  it("always has a code and words", () => {
    expect(failure("invalid args"), "plain text of a host").toEqual({ code: "internal", message: "invalid args" });
    expect(failure(new Error("boom")).message, "a thrown error").toBe("boom");
    expect(failure({ code: "conflict", message: "Ada was first." }).code, "what the program says is kept").toBe(
      "conflict",
    );
  });
});

describe("a notice", () => {
  it("can be undone for ten seconds, and longer while somebody reads it", () => {
    vi.useFakeTimers();
    const undo = vi.fn();
    toasts.done("Paused", { label: "Undo", run: undo });
    const id = toasts.list[0]!.id;
    vi.advanceTimersByTime(UNDO - 1);
    expect(toasts.list.length, "it stays for ten seconds").toBe(1);
    toasts.hold(id);
    vi.advanceTimersByTime(UNDO);
    expect(toasts.list.length, "the mouse on it keeps it").toBe(1);
    toasts.release(id);
    vi.advanceTimersByTime(UNDO);
    expect(toasts.list.length, "then it goes").toBe(0);
    toasts.failed({ code: "refused", message: "No." });
    vi.advanceTimersByTime(10 * UNDO);
    expect(toasts.list.length, "a failure waits until it is closed").toBe(1);
    toasts.close(toasts.list[0]!.id);
    vi.useRealTimers();
  });
});
