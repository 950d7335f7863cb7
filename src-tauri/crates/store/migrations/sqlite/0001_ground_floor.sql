-- Instants are epoch milliseconds (UTC); arrival and promise dates are calendar dates in the store's zone.
-- `touched_by` names the import that last wrote a row (0: a person or the system), so that an import can be
-- undone only while nothing later rests on it.

CREATE TABLE store (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  code        TEXT NOT NULL UNIQUE,
  zone        TEXT NOT NULL,
  created_at  BIGINT NOT NULL
);
CREATE TABLE store_setting (
  store_id    BIGINT NOT NULL REFERENCES store(id),
  key         TEXT NOT NULL,
  value       TEXT NOT NULL,
  updated_at  BIGINT NOT NULL,
  updated_by  TEXT NOT NULL,
  PRIMARY KEY (store_id, key)
);
-- Where the last refresh of a store left off: what time alone has changed since then is found from here.
CREATE TABLE refresh_mark (
  store_id    BIGINT PRIMARY KEY REFERENCES store(id),
  at          BIGINT NOT NULL,
  today       DATE NOT NULL,
  everything  BOOLEAN NOT NULL
);

CREATE TABLE facility (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  code        TEXT NOT NULL UNIQUE,
  kind        TEXT NOT NULL DEFAULT 'physical' CHECK (kind IN ('physical', 'virtual')),
  brokering   BOOLEAN NOT NULL DEFAULT TRUE
);
CREATE TABLE store_facility (
  store_id    BIGINT NOT NULL REFERENCES store(id),
  facility_id BIGINT NOT NULL REFERENCES facility(id),
  role        TEXT NOT NULL CHECK (role IN ('sells', 'receives')),
  valid_from  BIGINT,
  valid_until BIGINT,
  PRIMARY KEY (store_id, facility_id)
);

CREATE TABLE product (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  sku         TEXT NOT NULL UNIQUE,
  title       TEXT NOT NULL DEFAULT '',
  parent      TEXT NOT NULL DEFAULT '',
  created_by  BIGINT NOT NULL DEFAULT 0,
  touched_by  BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE product_identifier (
  kind        TEXT NOT NULL,
  value       TEXT NOT NULL,
  product_id  BIGINT NOT NULL REFERENCES product(id),
  PRIMARY KEY (value, kind, product_id)
);
CREATE INDEX product_identifier_product ON product_identifier(product_id);
-- What a store says of one product: kept back from pre-selling, its own minimum stock, brokering switched off.
CREATE TABLE product_rule (
  store_id    BIGINT NOT NULL REFERENCES store(id),
  product_id  BIGINT NOT NULL REFERENCES product(id),
  excluded    BOOLEAN NOT NULL DEFAULT FALSE,
  threshold   BIGINT NOT NULL DEFAULT 0,
  brokering   BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (product_id, store_id)
);

-- Stock and purchase-order lines come by the million, and foreign keys would cost more than all the rest of their
-- import (measured on PostgreSQL: 9 of 12 seconds for 1,000,000 lines). `presell check` looks for orphans instead.
CREATE TABLE stock (
  product_id  BIGINT NOT NULL,
  facility_id BIGINT NOT NULL,
  location    TEXT NOT NULL DEFAULT '',
  atp         BIGINT NOT NULL,
  as_of       BIGINT NOT NULL,
  created_by  BIGINT NOT NULL DEFAULT 0,
  touched_by  BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (product_id, facility_id, location)
) WITHOUT ROWID;

CREATE TABLE purchase_order (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  code        TEXT NOT NULL UNIQUE,
  store_id    BIGINT REFERENCES store(id),
  status      TEXT NOT NULL CHECK (status IN ('CREATED', 'APPROVED', 'COMPLETED', 'CANCELLED')),
  created_by  BIGINT NOT NULL DEFAULT 0,
  touched_by  BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE po_line (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  po_id         BIGINT NOT NULL,
  line_no       BIGINT NOT NULL,
  product_id    BIGINT NOT NULL,
  facility_id   BIGINT NOT NULL,
  status        TEXT NOT NULL CHECK (status IN ('CREATED', 'APPROVED', 'COMPLETED', 'CANCELLED')),
  closed        BOOLEAN NOT NULL DEFAULT FALSE, -- closed by the system: received + cancelled reached the ordered quantity
  is_new        BOOLEAN NOT NULL,
  ordered       BIGINT NOT NULL CHECK (ordered >= 0),
  received      BIGINT NOT NULL DEFAULT 0,
  cancelled     BIGINT NOT NULL DEFAULT 0,
  buffer        BIGINT NOT NULL DEFAULT 0,
  allocated     BIGINT NOT NULL DEFAULT 0,      -- open pre-sold pieces not covered by a receipt; kept equal to the allocations
  arrival_date  DATE,
  buffer_days   BIGINT NOT NULL DEFAULT 0,
  promise_date  DATE,                           -- arrival_date + buffer_days
  created_by    BIGINT NOT NULL DEFAULT 0,
  touched_by    BIGINT NOT NULL DEFAULT 0,
  UNIQUE (po_id, line_no)
);
CREATE INDEX po_line_product ON po_line(product_id);

CREATE TABLE receipt (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  line_id     BIGINT NOT NULL REFERENCES po_line(id),
  facility_id BIGINT REFERENCES facility(id),
  quantity    BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  created_by  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX receipt_line ON receipt(line_id);

CREATE TABLE order_item (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  order_code  TEXT NOT NULL,
  item_seq    BIGINT NOT NULL,
  store_id    BIGINT NOT NULL REFERENCES store(id),
  product_id  BIGINT NOT NULL REFERENCES product(id),
  quantity    BIGINT NOT NULL,
  ordered_at  BIGINT NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('OPEN', 'COMPLETED', 'CANCELLED', 'REJECTED')),
  queue       TEXT NOT NULL CHECK (queue IN ('_NA_', 'PRE_ORDER_PARKING', 'BACKORDER_PARKING', 'RELEASED_ORD_PARKING')),
  promised    DATE,
  waiting_for_po BOOLEAN NOT NULL DEFAULT FALSE,
  created_by  BIGINT NOT NULL DEFAULT 0,
  touched_by  BIGINT NOT NULL DEFAULT 0,
  UNIQUE (order_code, item_seq)
);
CREATE INDEX order_item_open ON order_item(product_id) WHERE status = 'OPEN';
CREATE TABLE allocation (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  item_id     BIGINT NOT NULL REFERENCES order_item(id),
  line_id     BIGINT NOT NULL REFERENCES po_line(id),
  quantity    BIGINT NOT NULL CHECK (quantity > 0),
  created_by  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX allocation_line ON allocation(line_id);
CREATE INDEX allocation_item ON allocation(item_id);

-- The two lists: one row per listed product, so a product can never be in both.
CREATE TABLE member (
  store_id     BIGINT NOT NULL REFERENCES store(id),
  product_id   BIGINT NOT NULL REFERENCES product(id),
  category     TEXT NOT NULL CHECK (category IN ('PRE_ORDER', 'BACKORDER')),
  line_id      BIGINT NOT NULL,
  promise_date DATE NOT NULL,
  cap          BIGINT NOT NULL,
  since        BIGINT NOT NULL,
  PRIMARY KEY (store_id, product_id)
);
-- One row per change of a product's listing, complete in itself: it outlives lines, runs and products.
CREATE TABLE decision (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  store_id     BIGINT NOT NULL REFERENCES store(id),
  product_id   BIGINT NOT NULL,
  run_id       BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  change       TEXT NOT NULL CHECK (change IN ('ADD', 'MOVE', 'UPDATE', 'REMOVE')),
  category     TEXT,
  promise_date DATE,
  po_code      TEXT,
  line_no      BIGINT,
  cap          BIGINT,
  reasons      TEXT NOT NULL,
  terms        TEXT NOT NULL
);
CREATE INDEX decision_product ON decision(product_id, id);
-- Products to look at again. Append only: a mark written while a refresh runs is never lost with those it has read.
CREATE TABLE dirty (
  store_id    BIGINT NOT NULL,
  product_id  BIGINT NOT NULL
);

CREATE TABLE run (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id      TEXT NOT NULL,
  store_id    BIGINT NOT NULL,
  shop_id     TEXT NOT NULL DEFAULT '',
  origin      TEXT NOT NULL,
  actor       TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('pending', 'queued', 'running', 'stopping', 'finished', 'partial', 'failed', 'crashed', 'cancelled', 'skipped')),
  reason      TEXT,
  params      TEXT NOT NULL,
  counts      TEXT,
  error       TEXT,
  created_at  BIGINT NOT NULL,
  started_at  BIGINT,
  finished_at BIGINT
);
CREATE INDEX run_hist ON run(job_id, store_id, shop_id, id DESC);

CREATE TABLE import (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  kind        TEXT NOT NULL,
  file_name   TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('applying', 'done', 'undone')),
  rows        BIGINT NOT NULL DEFAULT 0,
  accepted    BIGINT NOT NULL DEFAULT 0,
  refused     BIGINT NOT NULL DEFAULT 0,
  warnings    BIGINT NOT NULL DEFAULT 0,
  created     BIGINT NOT NULL DEFAULT 0,
  changed     BIGINT NOT NULL DEFAULT 0,
  unchanged   BIGINT NOT NULL DEFAULT 0,
  actor       TEXT NOT NULL,
  at          BIGINT NOT NULL,
  finished_at BIGINT,
  undone_at   BIGINT
);
CREATE INDEX import_sha ON import(sha256);
CREATE TABLE import_problem (
  import_id   BIGINT NOT NULL REFERENCES import(id),
  seq         BIGINT NOT NULL,
  row_no      BIGINT,
  column_name TEXT,
  code        TEXT NOT NULL,
  severity    TEXT NOT NULL,
  message     TEXT NOT NULL,
  value       TEXT,
  PRIMARY KEY (import_id, seq)
);
-- Rows as they stood before an import changed them; rows it created say so themselves (created_by).
CREATE TABLE import_before (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  import_id   BIGINT NOT NULL REFERENCES import(id),
  entity      TEXT NOT NULL,
  entity_key  TEXT NOT NULL,
  before      TEXT NOT NULL
);
CREATE INDEX import_before_import ON import_before(import_id);

CREATE TABLE audit (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  at          BIGINT NOT NULL,
  actor       TEXT NOT NULL,
  action      TEXT NOT NULL,
  subject     TEXT NOT NULL,
  before      TEXT,
  after       TEXT
);
