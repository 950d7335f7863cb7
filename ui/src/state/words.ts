// Numbers, spans and moments in words. Zones come with the moments; nothing is computed with them here.

const locale = "en-GB";
const whole = new Intl.NumberFormat(locale);
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export const number = (value: number) => whole.format(value);

/** "1 run", "12 runs", "2,318 runs". */
export const counted = (count: number, one: string, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "in 4 minutes", "2 hours ago", "just now". */
export function fromNow(instant: string, now: number): string {
  const away = Date.parse(instant) - now;
  const size = Math.abs(away);
  if (size < MINUTE) return away > 5_000 ? "in less than a minute" : "just now";
  const [unit, length] =
    size < HOUR ? (["minute", MINUTE] as const) : size < DAY ? (["hour", HOUR] as const) : (["day", DAY] as const);
  return relative.format(Math.trunc(away / length), unit);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string | undefined, options: Intl.DateTimeFormatOptions) {
  const key = `${zone ?? ""} ${JSON.stringify(options)}`;
  let made = formats.get(key);
  if (!made) {
    try {
      made = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    } catch {
      made = new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
    }
    formats.set(key, made);
  }
  return made;
}

/** "Sun 25 Oct 2026, 02:15 CET". */
export const moment = (instant: string, zone?: string) =>
  format(zone, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  })
    .format(new Date(instant))
    .replace(",", "");

/** "02:15". */
export const hour = (instant: string, zone?: string) =>
  format(zone, { hour: "2-digit", minute: "2-digit" }).format(new Date(instant));

/** "14:15" today, "Sun 25 Oct 02:15" on another day of that zone. */
export function brief(instant: string, now: number, zone?: string): string {
  const day = format(zone, { day: "numeric", month: "short", weekday: "short" });
  const [then, today] = [day.format(new Date(instant)), day.format(new Date(now))];
  return then === today ? hour(instant, zone) : `${then.replace(",", "")} ${hour(instant, zone)}`;
}

/** A calendar date such as 2026-12-24, which belongs to no zone: "24 Dec 2026". */
export const date = (day: string) =>
  format("UTC", { day: "numeric", month: "short", year: "numeric" }).format(new Date(`${day}T00:00:00Z`));

/** "0.4 s", "12 s", "3 min 20 s", "2 h 5 min". */
export function span(ms: number): string {
  if (ms < 1_000) return `${number(Math.round(ms))} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  const parts = (a: number, one: string, b: number, two: string) => `${number(a)} ${one}${b ? ` ${b} ${two}` : ""}`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? parts(minutes, "min", seconds % 60, "s")
    : parts(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

/** "12 kB", "3.4 MB". */
export function size(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${value.toFixed(unit > 0 && value < 10 ? 1 : 0)} ${units[unit] ?? ""}`;
}

/** "a, b and c". */
export const list = (texts: string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(texts);
