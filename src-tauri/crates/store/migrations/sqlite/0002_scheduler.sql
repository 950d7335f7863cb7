-- What runs when. Instants are epoch milliseconds (UTC). "No shop" is the value '', so that uniqueness counts it.

CREATE TABLE schedule (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id            TEXT NOT NULL,
  store_id          BIGINT NOT NULL REFERENCES store(id),
  shop_id           TEXT NOT NULL DEFAULT '',
  state             TEXT NOT NULL CHECK (state IN ('draft', 'enabled', 'paused')),
  zone              TEXT NOT NULL,
  frequency         TEXT NOT NULL,                -- EVERY_15_MIN … EVERYDAY, CUSTOM, ON_DEMAND
  kind              TEXT NOT NULL CHECK (kind IN ('every', 'days', 'cron', 'after_run', 'on_demand')),
  every_ms          BIGINT CHECK (every_ms > 0),  -- of 'every' and 'after_run'
  every_days        BIGINT CHECK (every_days > 0),
  cron              TEXT,
  anchor_at         BIGINT NOT NULL,              -- first run; the grid of every later one
  params            TEXT NOT NULL DEFAULT '{}',
  jitter_ms         BIGINT NOT NULL DEFAULT 0,
  catch_up          TEXT NOT NULL DEFAULT 'run_once' CHECK (catch_up IN ('run_once', 'skip', 'run_all')),
  start_deadline_ms BIGINT NOT NULL DEFAULT 60000,
  overlap           TEXT NOT NULL DEFAULT 'follow_up' CHECK (overlap IN ('follow_up', 'skip', 'stop_previous')),
  max_attempts      BIGINT NOT NULL DEFAULT 3 CHECK (max_attempts > 0),
  timeout_ms        BIGINT NOT NULL CHECK (timeout_ms > 0),
  priority          BIGINT NOT NULL DEFAULT 0,
  keep_runs         BIGINT,                       -- history of its own; none: what the job that purges says
  keep_days         BIGINT,
  next_due_at       BIGINT,                       -- none: nothing is due by itself
  last_from         BIGINT,                       -- the last recurring run was open from here
  last_until        BIGINT,                       -- to here: what fell due between the two is merged
  version           BIGINT NOT NULL DEFAULT 1,    -- raised by edits, not by ticks
  created_at        BIGINT NOT NULL,
  created_by        TEXT NOT NULL,
  updated_at        BIGINT NOT NULL,
  updated_by        TEXT NOT NULL,
  UNIQUE (job_id, store_id, shop_id)
);
CREATE INDEX schedule_due ON schedule(next_due_at) WHERE state = 'enabled';

ALTER TABLE run RENAME TO run_before;
DROP INDEX run_hist;
-- One row per attempt. Ended rows never change: a retry or a continuation is a new row.
CREATE TABLE run (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  schedule_id  BIGINT,
  job_id       TEXT NOT NULL,
  store_id     BIGINT NOT NULL,
  shop_id      TEXT NOT NULL DEFAULT '',
  due_at       BIGINT,                            -- the intended time; none: run now, event, child
  seq          BIGINT NOT NULL DEFAULT 1,         -- rows of one occurrence
  attempt      BIGINT NOT NULL DEFAULT 1,
  covers       BIGINT NOT NULL DEFAULT 1,         -- occurrences this row stands for
  origin       TEXT NOT NULL CHECK (origin IN ('schedule', 'retry', 'resume', 'manual', 'event', 'child')),
  parent_id    BIGINT,
  actor        TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('pending', 'queued', 'running', 'stopping', 'finished', 'partial', 'failed', 'crashed', 'cancelled', 'skipped')),
  reason       TEXT,
  detail       TEXT,
  params       TEXT NOT NULL DEFAULT '{}',
  xkey         TEXT,                              -- job|store|shop: equal runs never overlap
  lane         TEXT,                              -- store/shop: runs of one lane never overlap
  lane_up      TEXT,                              -- of a shop's run: the lane of its store, whose earlier steps go first
  step         BIGINT NOT NULL DEFAULT 0,         -- order inside one tick
  priority     BIGINT NOT NULL DEFAULT 0,
  available_at BIGINT NOT NULL,
  for_node     BIGINT,                            -- only this node may take it: somebody waits there for the answer
  fence        BIGINT NOT NULL DEFAULT 0,         -- raised by every claim; who writes names it
  node_id      BIGINT,
  lease_until  BIGINT,
  stop_by      TEXT,
  timeout_ms   BIGINT NOT NULL DEFAULT 3600000,
  max_attempts BIGINT NOT NULL DEFAULT 1,
  created_at   BIGINT NOT NULL,
  started_at   BIGINT,
  finished_at  BIGINT,
  done         BIGINT,
  total        BIGINT,
  counts       TEXT,
  result       TEXT,
  error        TEXT
);
INSERT INTO run (id, job_id, store_id, shop_id, origin, actor, state, reason, params, available_at, created_at, started_at, finished_at, counts, error)
SELECT id, job_id, store_id, shop_id, CASE WHEN origin IN ('schedule', 'retry', 'resume', 'event', 'child') THEN origin ELSE 'manual' END, actor,
       CASE WHEN state IN ('pending', 'queued', 'running', 'stopping') THEN 'crashed' ELSE state END,
       CASE WHEN state IN ('pending', 'queued', 'running', 'stopping') THEN 'LEASE_LOST' ELSE reason END,
       params, created_at, created_at, started_at, COALESCE(finished_at, created_at), counts, error FROM run_before;
DROP TABLE run_before;

CREATE UNIQUE INDEX run_once        ON run(schedule_id, due_at, seq) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX run_one_open    ON run(schedule_id) WHERE due_at IS NOT NULL AND state IN ('pending', 'queued', 'running', 'stopping');
CREATE UNIQUE INDEX run_one_queued  ON run(xkey) WHERE state = 'queued';
CREATE UNIQUE INDEX run_one_running ON run(xkey) WHERE state IN ('running', 'stopping');
CREATE UNIQUE INDEX run_lane        ON run(lane) WHERE state IN ('running', 'stopping');
-- Covering: without its last columns SQLite, once it has statistics, sorts every queued row for each claim.
CREATE INDEX run_claim  ON run(priority DESC, available_at, step, id, xkey, lane, lane_up, for_node) WHERE state = 'queued';
CREATE INDEX run_ahead  ON run(lane, available_at, step, id) WHERE state IN ('queued', 'running', 'stopping');
CREATE INDEX run_lease  ON run(lease_until) WHERE state IN ('running', 'stopping');
CREATE INDEX run_node   ON run(node_id) WHERE state IN ('running', 'stopping');
CREATE INDEX run_wait   ON run(available_at) WHERE state = 'pending';
CREATE INDEX run_hist   ON run(job_id, store_id, shop_id, id DESC);
CREATE INDEX run_parent ON run(parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX run_ended  ON run(finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE run_log (
  run_id BIGINT NOT NULL,
  seq    BIGINT NOT NULL,
  at     BIGINT NOT NULL,
  level  TEXT NOT NULL CHECK (level IN ('error', 'warn', 'info', 'debug')),
  text   TEXT NOT NULL,
  PRIMARY KEY (run_id, seq)
) WITHOUT ROWID;

-- Machines at work, for people to see; never a lock.
CREATE TABLE node (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  host       TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('desktop', 'daemon', 'command')),
  version    TEXT NOT NULL,
  tzdata     TEXT NOT NULL,
  skew_ms    BIGINT NOT NULL DEFAULT 0,
  slots      BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  stopped_at BIGINT
);
