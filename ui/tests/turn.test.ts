import { expect, test } from "vitest";
import { inTurn } from "../src/state/turn";

/** Work that ends when it is told to. */
function held() {
  let end = () => {};
  let fail = (_: Error) => {};
  const done = new Promise<void>((resolve, reject) => ([end, fail] = [resolve, reject]));
  return { done, end: () => end(), fail: () => fail(new Error("no")) };
}

test("what is done to one thing waits for what was begun before, other things do not", async () => {
  const order: string[] = [];
  const first = held();
  const restoring = inTurn("job", () => first.done.then(() => order.push("restored")));
  const cancelling = inTurn("job", async () => order.push("cancelled"));
  await inTurn("other", async () => order.push("other"));
  expect(order, "another job does not wait").toEqual(["other"]);
  first.end();
  await Promise.all([restoring, cancelling]);
  expect(order, "the later wish is the last word").toEqual(["other", "restored", "cancelled"]);
});

test("a failure holds nobody up", async () => {
  const first = held();
  const failing = inTurn("job", () => first.done);
  const next = inTurn("job", async () => "done");
  first.fail();
  await expect(failing, "it is told to whoever asked").rejects.toThrow("no");
  expect(await next, "the next one is done all the same").toBe("done");
});
