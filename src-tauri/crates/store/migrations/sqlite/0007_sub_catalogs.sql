-- The part of its store's catalog that a shop shows, for shops that do not show all of it.
CREATE TABLE sub_catalog (
  shop_id     BIGINT NOT NULL REFERENCES shop(id),
  product_id  BIGINT NOT NULL,
  since       BIGINT NOT NULL,
  PRIMARY KEY (shop_id, product_id)
);
