// What every peer is asked, and how its answer is printed: one JSON line.
//   drain N W     N jobs that do nothing wait; how long until all are committed as done, with W workers?
//   due N GAP     N jobs, each due GAP ms after the one before (0: all at one instant); how late does each start?

export function asked() {
  const [database, what, count, second, setting = "tuned"] = process.argv.slice(2);
  return { database, what, count: Number(count), second: Number(second), tuned: setting === "tuned" };
}

export function drained(peer, count, started) {
  const seconds = (performance.now() - started) / 1000;
  print({ peer, drain: { count, seconds, perSecond: Math.round(count / seconds) } });
}

export function started(peer, late) {
  late.sort((a, b) => a - b);
  const at = (part) => late[Math.min(late.length - 1, Math.ceil(late.length * part) - 1)];
  const round = (ms) => Math.round(ms * 10) / 10;
  print({
    peer,
    due: { count: late.length, p50: round(at(0.5)), p95: round(at(0.95)), p99: round(at(0.99)), max: round(at(1)), min: round(late[0]) },
  });
}

/// The instants at which `count` jobs are due: far enough ahead that all are in the queue by then.
export function instants(count, gap) {
  const first = Date.now() + 3000 + count * 0.6;
  return Array.from({ length: count }, (_, index) => new Date(first + index * gap));
}

function print(value) {
  console.log(JSON.stringify(value));
}
