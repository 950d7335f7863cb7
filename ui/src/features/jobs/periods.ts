// Stretches of time that end now. Their start is cut to the minute, so that asking again asks the same.
import { pipeline } from "../../messages/pipeline";

const HOUR = 3_600_000;
const lengths: Record<string, number> = { day: 24 * HOUR, week: 168 * HOUR, month: 720 * HOUR };

export const periods = [
  { value: "", label: pipeline.anyTime },
  { value: "day", label: pipeline.lastDay },
  { value: "week", label: pipeline.lastWeek },
  { value: "month", label: pipeline.lastMonth },
];

/** The instant a period begins; null: it has no beginning. */
export function since(period: string, now = Date.now()): string | null {
  const length = lengths[period];
  return length ? new Date(now - length - ((now - length) % 60_000)).toISOString() : null;
}
