CREATE TABLE chaos_start (
  id INTEGER PRIMARY KEY AUTOINCREMENT, run_id BIGINT NOT NULL, fence BIGINT NOT NULL, at BIGINT NOT NULL, ended_at BIGINT
);
CREATE TABLE chaos_effect (
  id INTEGER PRIMARY KEY AUTOINCREMENT, run_id BIGINT NOT NULL, fence BIGINT NOT NULL, schedule_id BIGINT, due_at BIGINT,
  part TEXT NOT NULL CHECK (part IN ('middle', 'end')), at BIGINT NOT NULL
);
CREATE TABLE chaos_refused (
  id INTEGER PRIMARY KEY AUTOINCREMENT, run_id BIGINT NOT NULL, fence BIGINT NOT NULL, at BIGINT NOT NULL
);
CREATE TABLE chaos_move (
  id INTEGER PRIMARY KEY AUTOINCREMENT, schedule_id BIGINT NOT NULL, at BIGINT NOT NULL, by_whom TEXT NOT NULL,
  old_next BIGINT, new_next BIGINT, old_state TEXT NOT NULL, new_state TEXT NOT NULL, retimed BIGINT NOT NULL,
  kind TEXT NOT NULL, every_ms BIGINT, every_days BIGINT, cron TEXT, zone TEXT NOT NULL, anchor_at BIGINT NOT NULL
);
CREATE TABLE chaos_touched (
  id INTEGER PRIMARY KEY AUTOINCREMENT, run_id BIGINT NOT NULL, at BIGINT NOT NULL, was TEXT NOT NULL, became TEXT NOT NULL
);
CREATE TABLE chaos_outdated (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id BIGINT NOT NULL, by_whom TEXT NOT NULL, instead_of TEXT NOT NULL);
CREATE TRIGGER chaos_moves AFTER UPDATE ON schedule
WHEN OLD.next_due_at IS DISTINCT FROM NEW.next_due_at OR OLD.state <> NEW.state OR OLD.version <> NEW.version
BEGIN
  INSERT INTO chaos_move (schedule_id, at, by_whom, old_next, new_next, old_state, new_state, retimed,
                          kind, every_ms, every_days, cron, zone, anchor_at)
  VALUES (OLD.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), NEW.updated_by, OLD.next_due_at, NEW.next_due_at, OLD.state, NEW.state,
          OLD.kind <> NEW.kind OR OLD.every_ms IS DISTINCT FROM NEW.every_ms OR OLD.every_days IS DISTINCT FROM NEW.every_days
          OR OLD.cron IS DISTINCT FROM NEW.cron OR OLD.zone <> NEW.zone OR OLD.anchor_at <> NEW.anchor_at,
          OLD.kind, OLD.every_ms, OLD.every_days, OLD.cron, OLD.zone, OLD.anchor_at);
END;
CREATE TRIGGER chaos_touches AFTER UPDATE ON run
WHEN OLD.state IN ('finished', 'partial', 'failed', 'crashed', 'cancelled', 'skipped')
BEGIN
  INSERT INTO chaos_touched (run_id, at, was, became)
  VALUES (OLD.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), OLD.state, NEW.state);
END;
CREATE TRIGGER chaos_outdates AFTER INSERT ON run
WHEN NEW.origin = 'schedule' AND NEW.actor <> (SELECT s.updated_by FROM schedule s WHERE s.id = NEW.schedule_id)
BEGIN
  INSERT INTO chaos_outdated (run_id, by_whom, instead_of)
  SELECT NEW.id, NEW.actor, s.updated_by FROM schedule s WHERE s.id = NEW.schedule_id;
END;
