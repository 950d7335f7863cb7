-- Purchase orders are changed by hand, too, and files are mapped again and again. What happened to an order is found by what it is about, and what is due next
-- without reading every line.
CREATE INDEX audit_subject ON audit(subject, id);
CREATE INDEX import_before_entity ON import_before(entity, entity_key);
-- In the order in which lines come, so that a million of them only append to it.
CREATE INDEX po_line_open ON po_line(po_id, arrival_date) WHERE status IN ('CREATED', 'APPROVED') AND NOT closed;

-- Which column of a file is which field, kept by name for the next file of the same kind.
CREATE TABLE import_mapping (
  kind        TEXT NOT NULL,
  name        TEXT NOT NULL,
  columns     TEXT NOT NULL,
  reading     TEXT NOT NULL,
  updated_at  BIGINT NOT NULL,
  updated_by  TEXT NOT NULL,
  PRIMARY KEY (kind, name)
);
