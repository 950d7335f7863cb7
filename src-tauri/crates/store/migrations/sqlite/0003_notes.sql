-- What Presell remembers beside the data: the samples that were added, the jobs that "pause all" paused, past backups,
-- that the first start is over. One JSON value a topic.
CREATE TABLE note (
  topic      TEXT NOT NULL PRIMARY KEY,
  value      TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL
);
