// Which step is shown, and which are done.
import type { DataLocation, FirstStart } from "../../generated/commands";

export const STEPS = 3;

/** The step that the address names, from 1; anything else is the first. */
export function stepOf(text: string | undefined): number {
  const step = Number(text);
  return Number.isInteger(step) && step >= 1 && step <= STEPS ? step : 1;
}

/** Steps that need nobody any more. Where the data lives is always settled; it is done once it was looked at. */
export const done = (step: number, start: FirstStart | undefined, location: DataLocation | undefined): boolean =>
  step === 1
    ? location?.chosen === "settings" || location?.next !== null
    : step === 2
      ? start?.empty === false
      : (start?.jobsOn ?? false);
