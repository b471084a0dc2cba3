-- The decision-time guard: where each lifecycle that was ever exposed stands, for instances of the API that hold all of
-- them in memory; and how many people and cases pilots have touched, counted in slices that instances lease.

CREATE TABLE projection.standing (
  key text COLLATE "C" PRIMARY KEY,
  seq bigint NOT NULL,
  standing json NOT NULL,
  changed xid8 NOT NULL DEFAULT pg_current_xact_id()
) WITH (fillfactor = 70);
COMMENT ON COLUMN projection.standing.changed IS 'The transaction that stored it: whoever asks for all from the oldest that was running misses none.';
CREATE INDEX standing_changed ON projection.standing (changed);
GRANT SELECT ON projection.standing TO airworthy_app;

-- As before, with the standing of those that have one. Nothing else is touched by a lifecycle that was never exposed.
CREATE OR REPLACE FUNCTION projection.store(rows jsonb[], views json[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  WITH stored AS (
    INSERT INTO projection.lifecycle AS known
      SELECT filled.* FROM unnest(rows) AS given, jsonb_populate_record(NULL::projection.lifecycle, given) AS filled
    ON CONFLICT (key) DO UPDATE SET (
        seq, updated_at, opened_at, retired, stage, mode, tier, team, title, search, release, held, exposure,
        due, waiting_on, functions, people, people_due, holders, owners
      ) = (
        excluded.seq, excluded.updated_at, excluded.opened_at, excluded.retired, excluded.stage, excluded.mode,
        excluded.tier, excluded.team, excluded.title, excluded.search, excluded.release, excluded.held,
        excluded.exposure, excluded.due, excluded.waiting_on, excluded.functions, excluded.people,
        excluded.people_due, excluded.holders, excluded.owners
      )
      WHERE known.seq <= excluded.seq
    RETURNING key
  )
  INSERT INTO projection.view
    SELECT key, view FROM unnest(rows, views) AS given (line, view) JOIN stored ON key = line ->> 'key'
  ON CONFLICT (key) DO UPDATE SET view = excluded.view;
  IF EXISTS (SELECT FROM unnest(rows) AS line WHERE line ? 'standing') THEN
    INSERT INTO projection.standing AS known (key, seq, standing)
      SELECT line ->> 'key', (line ->> 'seq')::bigint, (line ->> 'standing')::json FROM unnest(rows) AS line
      WHERE line ? 'standing'
    ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, standing = excluded.standing, changed = excluded.changed
      WHERE known.seq <= excluded.seq;
  END IF;
END
$$;

-- Stores what was folded from the ledger itself, as before.
CREATE OR REPLACE FUNCTION projection.refresh(in_key text, in_seq bigint, in_row jsonb, in_view json) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE ledger.chain SET shown = in_seq WHERE chain = 'lifecycle/' || in_key AND seq = in_seq;
  IF FOUND THEN
    DELETE FROM projection.lifecycle WHERE key = in_key AND seq > (in_row ->> 'seq')::bigint;
    DELETE FROM projection.standing WHERE key = in_key AND seq > (in_row ->> 'seq')::bigint;
    PERFORM projection.store(ARRAY[in_row], ARRAY[in_view]);
    RETURN true;
  END IF;
  RETURN false;
END
$$;

CREATE SCHEMA guard;

-- Of which key and kind something is counted at all, with the salt of its tokens; its row is the lock of its counting.
CREATE TABLE guard.counter (
  key text COLLATE "C" NOT NULL,
  kind text NOT NULL CHECK (kind IN ('people', 'cases')),
  salt text NOT NULL DEFAULT gen_random_uuid()::text,
  PRIMARY KEY (key, kind)
);
COMMENT ON COLUMN guard.counter.salt IS 'Without it a token says nothing: deleting the row makes them unreadable for good.';

-- Each person or case once, by a token.
CREATE TABLE guard.counted (
  key text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  token text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (key, kind, token),
  FOREIGN KEY (key, kind) REFERENCES guard.counter ON DELETE CASCADE
);
CREATE UNIQUE INDEX counted_position ON guard.counted (key, kind, position);

-- What instances may still count without asking. Of one that died it stays taken: what it had counted is not known.
CREATE TABLE guard.lease (
  key text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  instance text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  remaining bigint NOT NULL CHECK (remaining >= 0),
  PRIMARY KEY (key, kind, instance),
  FOREIGN KEY (key, kind) REFERENCES guard.counter ON DELETE CASCADE
);

-- Takes over what an instance has counted and what is left of its slice, and makes that larger by up to in_want while
-- counted and leased together stay within the cap. The same request again changes nothing; one that comes after a later one
-- of its instance answers with no row.
CREATE FUNCTION guard.lease(
  in_key text, in_kind text, in_instance text, in_n bigint, in_cap bigint, in_left bigint, in_tokens text[],
  in_want bigint, in_after bigint
) RETURNS TABLE (granted bigint, salt text, taken bigint, tokens text[], "position" bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
  salted text;
  last_position bigint;
  held bigint;
  total bigint;
  more bigint;
  seen text[];
  seen_position bigint;
BEGIN
  INSERT INTO guard.counter (key, kind) VALUES (in_key, in_kind) ON CONFLICT DO NOTHING;
  SELECT c.salt INTO salted FROM guard.counter AS c WHERE c.key = in_key AND c.kind = in_kind FOR UPDATE;
  IF EXISTS (SELECT FROM guard.lease AS l WHERE l.key = in_key AND l.kind = in_kind AND l.instance = in_instance AND l.n >= in_n) THEN
    RETURN;
  END IF;
  SELECT coalesce(max(c.position), 0) INTO last_position FROM guard.counted AS c WHERE c.key = in_key AND c.kind = in_kind;
  INSERT INTO guard.counted (key, kind, token, position)
    SELECT in_key, in_kind, t.token, last_position + t.o FROM unnest(in_tokens) WITH ORDINALITY AS t(token, o)
    ON CONFLICT DO NOTHING;
  SELECT coalesce(sum(l.remaining), 0) INTO held FROM guard.lease AS l
    WHERE l.key = in_key AND l.kind = in_kind AND l.instance <> in_instance;
  SELECT count(*) + held + in_left INTO total FROM guard.counted AS c WHERE c.key = in_key AND c.kind = in_kind;
  more := greatest(0, least(in_want, in_cap - total));
  IF in_left + more = 0 AND in_want = 0 THEN
    -- It gives back what it had, and is over.
    DELETE FROM guard.lease AS l WHERE l.key = in_key AND l.kind = in_kind AND l.instance = in_instance;
  ELSE
    INSERT INTO guard.lease AS l (key, kind, instance, n, remaining)
      VALUES (in_key, in_kind, in_instance, in_n, in_left + more)
      ON CONFLICT (key, kind, instance) DO UPDATE SET n = excluded.n, remaining = excluded.remaining;
  END IF;
  SELECT array_agg(s.token ORDER BY s.position), max(s.position) INTO seen, seen_position FROM (
    SELECT c.token, c.position FROM guard.counted AS c
    WHERE c.key = in_key AND c.kind = in_kind AND c.position > in_after ORDER BY c.position LIMIT 5000
  ) AS s;
  RETURN QUERY SELECT more, salted, total + more, coalesce(seen, '{}'), coalesce(seen_position, in_after);
END
$$;
REVOKE ALL ON FUNCTION guard.lease FROM PUBLIC;
GRANT USAGE ON SCHEMA guard TO airworthy_app;
GRANT EXECUTE ON FUNCTION guard.lease TO airworthy_app;
