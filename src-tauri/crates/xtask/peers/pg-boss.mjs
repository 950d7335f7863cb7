import { PgBoss } from "pg-boss";
import { asked, drained, instants, started } from "./measured.mjs";

const { database, what, count, second, tuned } = asked();
const boss = new PgBoss({ connectionString: database, schedule: false });
boss.on("error", (error) => console.error(error));
await boss.start();
await boss.createQueue("q");
const options = tuned
  ? { batchSize: 500, localConcurrency: 2, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 }
  : { batchSize: 10, localConcurrency: what === "drain" ? second : 10, pollingIntervalSeconds: 0.5 };

if (what === "drain") {
  for (let sent = 0; sent < count; sent += 5000) {
    const jobs = Array.from({ length: Math.min(5000, count - sent) }, (_, index) => ({ data: { index } }));
    await boss.insert("q", jobs);
  }
  const begin = performance.now();
  await boss.work("q", options, async () => {});
  const db = boss.getDb();
  for (;;) {
    const { rows } = await db.executeSql("SELECT 1 FROM pgboss.job WHERE name = 'q' AND state < 'completed' LIMIT 1");
    if (rows.length === 0) break;
    await new Promise((next) => setTimeout(next, 5));
  }
  drained("pg-boss", count, begin);
} else {
  const late = [];
  let all;
  const done = new Promise((resolve) => (all = resolve));
  await boss.work("q", options, async (jobs) => {
    const now = Date.now();
    for (const job of jobs) late.push(now - job.data.at);
    if (late.length >= count) all();
  });
  const jobs = instants(count, second).map((at) => ({ data: { at: at.getTime() }, startAfter: at }));
  for (let sent = 0; sent < count; sent += 5000) await boss.insert("q", jobs.slice(sent, sent + 5000));
  await done;
  started("pg-boss", late);
}
process.exit(0);
