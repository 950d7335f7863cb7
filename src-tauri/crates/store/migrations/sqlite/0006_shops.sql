-- Shops, and what each shows of the lists. Instants are epoch milliseconds (UTC); promise dates are calendar dates.

CREATE TABLE shop (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  store_id     BIGINT NOT NULL REFERENCES store(id),
  name         TEXT NOT NULL UNIQUE,
  platform     TEXT NOT NULL CHECK (platform IN ('shopify', 'demo', 'file')),
  address      TEXT NOT NULL,               -- the shop's domain, or the folder of its files
  base_url     TEXT,                        -- loopback only: a shop that runs on this machine
  client_id    TEXT,                        -- of an app that asks for its tokens; none: the secret is a token
  secret       TEXT NOT NULL DEFAULT 'none', -- where the secret is kept (keyring, file, env:NAME), never the secret
  settings     TEXT NOT NULL DEFAULT '{}',
  state        TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'connected', 'disconnected', 'blocked')),
  trouble      TEXT,                        -- why it is not connected, and what to do
  zone         TEXT,                        -- the shop's own, in which its dates are meant
  answers      TEXT,                        -- what its last test said: plan, scopes, versions, limits
  linked_at    BIGINT,
  synced_at    BIGINT,                      -- the last sync that ran to its end
  drift_at     BIGINT,
  lease_run    BIGINT,                      -- who works on the shop; one at a time
  lease_until  BIGINT,
  fence        BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  created_at   BIGINT NOT NULL,
  created_by   TEXT NOT NULL,
  updated_at   BIGINT NOT NULL,
  updated_by   TEXT NOT NULL
);

-- One row per product and shop: which variant it is there, what was last written and verified, and what was last seen.
CREATE TABLE shop_variant (
  shop_id            BIGINT NOT NULL REFERENCES shop(id),
  product_id         BIGINT NOT NULL,
  link               TEXT NOT NULL CHECK (link IN ('linked', 'missing', 'ambiguous', 'gone')),
  variant_id         TEXT,
  parent_id          TEXT,
  candidates         BIGINT NOT NULL DEFAULT 0, -- variants of the shop with this SKU
  written            BOOLEAN NOT NULL DEFAULT FALSE, -- ours since we first listed it
  listed_class       TEXT CHECK (listed_class IN ('PRE_ORDER', 'BACKORDER')), -- last confirmed; none: not listed
  listed_date        DATE,
  listed_cap         BIGINT,
  confirmed_at       BIGINT,
  original_continues BOOLEAN,               -- before we first listed it
  seen_continues     BOOLEAN,
  seen_mark          TEXT CHECK (seen_mark IN ('none', 'active', 'inactive', 'foreign')),
  seen_class         TEXT,
  seen_date          DATE,
  seen_cap           BIGINT,
  seen_quantity      BIGINT,
  seen_digest        TEXT,
  seen_at            BIGINT,
  PRIMARY KEY (shop_id, product_id)
);
CREATE INDEX shop_variant_parent ON shop_variant(shop_id, parent_id);
-- Tags are of the product above the variants.
CREATE TABLE shop_parent (
  shop_id        BIGINT NOT NULL REFERENCES shop(id),
  parent_id      TEXT NOT NULL,
  title          TEXT NOT NULL DEFAULT '',
  pre_order      BOOLEAN NOT NULL DEFAULT FALSE, -- written by us and verified
  backorder      BOOLEAN NOT NULL DEFAULT FALSE,
  seen_pre_order BOOLEAN NOT NULL,
  seen_backorder BOOLEAN NOT NULL,
  seen_at        BIGINT NOT NULL,
  PRIMARY KEY (shop_id, parent_id)
);

-- The outbox: what is to be written, and what became of it. Ended rows are the shop's history.
CREATE TABLE shop_item (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  shop_id      BIGINT NOT NULL REFERENCES shop(id),
  product_id   BIGINT NOT NULL,
  action       TEXT NOT NULL CHECK (action IN ('list', 'delist', 'move', 'update', 'tags')),
  class        TEXT,
  promise_date DATE,
  cap          BIGINT,
  state        TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'unknown', 'confirmed', 'failed', 'dropped')),
  attempts     BIGINT NOT NULL DEFAULT 0,
  retry_at     BIGINT,
  code         TEXT,
  message      TEXT,
  run_id       BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  sent_at      BIGINT,
  ended_at     BIGINT
);
-- One open item per variant: a newer wish changes it instead of racing it.
CREATE UNIQUE INDEX shop_item_open ON shop_item(shop_id, product_id) WHERE state IN ('pending', 'sent', 'unknown', 'failed');
CREATE INDEX shop_item_product ON shop_item(product_id, id);

-- Large changes that a shop works through by itself; kept before they are waited for, so that none is lost in a crash.
CREATE TABLE shop_bulk (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  shop_id     BIGINT NOT NULL REFERENCES shop(id),
  remote_id   TEXT NOT NULL,
  step        TEXT NOT NULL,
  items       BIGINT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('running', 'done', 'partial', 'failed')),
  message     TEXT,
  started_at  BIGINT NOT NULL,
  ended_at    BIGINT
);
