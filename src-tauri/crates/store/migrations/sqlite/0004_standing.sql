-- Where each product of a store stood when somebody last looked at all of them, so that lists of what is not listed, and
-- why, are read instead of decided anew. Derived: it may be emptied at any time and fills again. A refresh sets `round`
-- of the products it looked at to -1, or raises the store's round when it looked at all; rows of another round are due.
CREATE TABLE standing (
  store_id    BIGINT NOT NULL,
  product_id  BIGINT NOT NULL,
  reason      TEXT NOT NULL,             -- the first reason, or LISTED, or '' while nobody has looked
  reasons     TEXT NOT NULL DEFAULT '[]',
  round       BIGINT NOT NULL DEFAULT -1,
  PRIMARY KEY (store_id, product_id)
) WITHOUT ROWID;
CREATE INDEX standing_reason ON standing(store_id, reason, round, product_id);
ALTER TABLE refresh_mark ADD COLUMN round BIGINT NOT NULL DEFAULT 0;
