import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";
import { asked, drained, instants, started } from "./measured.mjs";

const { database, what, count, second, tuned } = asked();
const logger = new Logger(() => () => {});
const pool = new pg.Pool({ connectionString: database, max: 24 });
for (const what of ["error", "connect"]) pool.on(what, (it) => what === "connect" && it.on("error", () => {}));
const utils = await makeWorkerUtils({ pgPool: pool, logger });
await utils.migrate();

const workers = what === "drain" ? second : 10;
const worker = tuned
  ? { concurrentJobs: workers, maxPoolSize: workers + 2, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
  : { concurrentJobs: workers, maxPoolSize: workers + 2 };
const work = (taskList) => run({ pgPool: pool, logger, noHandleSignals: true, taskList, preset: { worker } });

if (what === "drain") {
  const add = "SELECT graphile_worker.add_jobs(array(SELECT json_populate_record(null::graphile_worker.job_spec, '{\"identifier\":\"noop\"}') FROM generate_series(1, $1)))";
  await pool.query(add, [count]);
  await pool.query("ANALYZE");
  const begin = performance.now();
  const runner = await work({ noop: async () => {} });
  for (;;) {
    const { rows } = await pool.query("SELECT 1 FROM graphile_worker._private_jobs LIMIT 1");
    if (rows.length === 0) break;
    await new Promise((next) => setTimeout(next, 5));
  }
  drained("graphile-worker", count, begin);
  await runner.stop();
} else {
  const late = [];
  let all;
  const done = new Promise((resolve) => (all = resolve));
  const runner = await work({
    due: async (_, helpers) => {
      late.push(Date.now() - new Date(helpers.job.run_at).getTime());
      if (late.length === count) all();
    },
  });
  const times = instants(count, second);
  const add = "SELECT graphile_worker.add_jobs(array(SELECT json_populate_record(null::graphile_worker.job_spec, json_build_object('identifier', 'due', 'run_at', t)) FROM unnest($1::timestamptz[]) AS t))";
  await pool.query(add, [times]);
  await done;
  started("graphile-worker", late);
  await runner.stop();
}
process.exit(0);
