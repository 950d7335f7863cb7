-- Purchase orders are changed by hand, too: what happened to one is found by what it is about, and what is due next
-- without reading every line.
CREATE INDEX audit_subject ON audit(subject, id);
CREATE INDEX import_before_entity ON import_before(entity, entity_key);
-- In the order in which lines come, so that a million of them only append to it.
CREATE INDEX po_line_open ON po_line(po_id, arrival_date) WHERE status IN ('CREATED', 'APPROVED') AND NOT closed;
