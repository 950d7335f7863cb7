"""procrastinate, asked as in measured.mjs."""

import asyncio
import datetime
import json
import sys
import time

from procrastinate import App, PsycopgConnector

database, what, count, second = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
tuned = (sys.argv[5:] or ["tuned"])[0] == "tuned"
app = App(connector=PsycopgConnector(conninfo=database, min_size=2, max_size=20))
late = []


@app.task(name="noop")
async def noop():
    pass


@app.task(name="due")
async def due(at):
    late.append((time.time() - at) * 1000)


async def finished(worker):
    while True:
        row = await app.connector.execute_query_one_async(
            "SELECT count(*) AS left FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        )
        if row["left"] == 0:
            break
        await asyncio.sleep(0.01)
    seconds = time.perf_counter()
    worker.cancel()
    return seconds


def worker(workers):
    # Its own floor is five seconds; half a second is the shortest that its documentation shows.
    poll = {"fetch_job_polling_interval": 0.5} if tuned else {}
    return asyncio.create_task(app.run_worker_async(concurrency=workers, install_signal_handlers=False, **poll))


async def main():
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        if what == "drain":
            for _ in range(0, count, 1000):
                await noop.batch_defer_async(*[{} for _ in range(min(1000, count))])
            begin = time.perf_counter()
            seconds = await finished(worker(second)) - begin
            print(json.dumps({"peer": "procrastinate", "drain": {"count": count, "seconds": seconds, "perSecond": round(count / seconds)}}))
        else:
            task = worker(10)
            first = time.time() + 3 + count * 0.003
            for index in range(count):
                at = first + index * second / 1000
                moment = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
                await due.configure(schedule_at=moment).defer_async(at=at)
            await finished(task)
            late.sort()
            part = lambda p: round(late[min(len(late) - 1, max(0, int(len(late) * p + 0.999999) - 1))], 1)
            found = {"count": len(late), "p50": part(0.5), "p95": part(0.95), "p99": part(0.99), "max": part(1), "min": round(late[0], 1)}
            print(json.dumps({"peer": "procrastinate", "due": found}))


asyncio.run(main())
