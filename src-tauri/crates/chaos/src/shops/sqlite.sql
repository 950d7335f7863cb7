CREATE TABLE chaos_wish (
  id INTEGER PRIMARY KEY AUTOINCREMENT, product_id BIGINT NOT NULL, at BIGINT NOT NULL, what TEXT NOT NULL,
  was TEXT, state TEXT NOT NULL, class TEXT, promise_date DATE, cap BIGINT
);
CREATE TRIGGER chaos_wished AFTER INSERT ON shop_item BEGIN
  INSERT INTO chaos_wish (product_id, at, what, was, state, class, promise_date, cap)
  VALUES (NEW.product_id, CAST(unixepoch('subsec') * 1000 AS INTEGER), 'item', NULL, NEW.state, NEW.class, NEW.promise_date, NEW.cap);
END;
CREATE TRIGGER chaos_rewished AFTER UPDATE ON shop_item BEGIN
  INSERT INTO chaos_wish (product_id, at, what, was, state, class, promise_date, cap)
  VALUES (NEW.product_id, CAST(unixepoch('subsec') * 1000 AS INTEGER), 'item', OLD.state, NEW.state, NEW.class, NEW.promise_date, NEW.cap);
END;
CREATE TRIGGER chaos_confirmed AFTER UPDATE ON shop_variant WHEN NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at BEGIN
  INSERT INTO chaos_wish (product_id, at, what, was, state, class, promise_date, cap)
  VALUES (NEW.product_id, CAST(unixepoch('subsec') * 1000 AS INTEGER), 'shown', OLD.listed_class, 'confirmed', NEW.listed_class, NEW.listed_date,
          NEW.listed_cap);
END;
