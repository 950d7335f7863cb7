// Doing something: shown at once, taken back with the reason if it fails, undone on request.
import type { Answer, Name, Request } from "../platform";
import { call } from "./changes";
import { toasts } from "./toasts.svelte";
import { inTurn } from "./turn";

interface Way<K extends Name> {
  /** Shows the result before it is known; returns how to take that back. */
  expect?: () => () => void;
  /** What to say when it is done. */
  done?: (answer: Answer<K>) => string;
  undo?: { label: string; run: (answer: Answer<K>) => unknown };
}

/** What a command is about, where it says so. */
const subject = (args: object) => ("id" in args && typeof args.id === "string" ? args.id : undefined);

/** Sends a command; a failure is told and answered with undefined. */
export async function act<K extends Name>(name: K, args: Request<K>, way: Way<K> = {}): Promise<Answer<K> | undefined> {
  const back = way.expect?.();
  try {
    const answer = await inTurn(subject(args), () => call(name, args));
    const { undo } = way;
    if (way.done) toasts.done(way.done(answer), undo && { label: undo.label, run: () => undo.run(answer) });
    return answer;
  } catch (thrown) {
    back?.();
    toasts.failed(thrown);
    return undefined;
  }
}
