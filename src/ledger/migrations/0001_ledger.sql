-- The ledger: entries in one hash chain per lifecycle, appended by one function, changed by nobody.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'airworthy_app') THEN
    CREATE ROLE airworthy_app NOLOGIN;
  END IF;
END
$$;

CREATE SCHEMA ledger;

CREATE TABLE ledger.migration (
  number integer PRIMARY KEY,
  name text NOT NULL,
  sha256 text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);

-- "C" because ids are compared, never sorted for people: it is the cheapest order there is.
CREATE TABLE ledger.chain (
  chain text COLLATE "C" PRIMARY KEY,
  position bigint NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
) WITH (fillfactor = 50);
COMMENT ON TABLE ledger.chain IS 'Heads: position and hash of the last entry of each chain, and its last sequence number.';

CREATE TABLE ledger.entry (
  chain text COLLATE "C" NOT NULL,
  position bigint NOT NULL CHECK (position > 0),
  seq bigint,
  id text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  body text NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (chain, position)
);
COMMENT ON COLUMN ledger.entry.body IS 'RFC 8785 form of the entry: exactly what the hash covers, after the hash before it.';
-- An event is known by its number, everything else by its id: each entry is in two indexes, not in three.
CREATE UNIQUE INDEX entry_by_seq ON ledger.entry (chain, seq) WHERE seq IS NOT NULL;
CREATE UNIQUE INDEX entry_by_id ON ledger.entry (id) WHERE seq IS NULL;

CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: % on %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.entry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- Appends entries in order, all or none, and passes over those that are there already: `counts` says how many of the
-- entries, which come one chain after the other, each of the chains has; a chain is named once.
-- Refusals: AW001 another entry stands in the place of the one named in the detail; AW002 the detail's number is expected first.
-- A projection is stored (by projection.store, which its own migration brings) where it is of the sequence number that
-- its chain then stands at. What can be one statement for all chains is one: an append costs a third of it alone.
CREATE FUNCTION ledger.append(
  chains text[], counts integer[], ids text[], types text[], seqs bigint[], bodies text[],
  projected_seqs bigint[], rows jsonb[], views json[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  -- A head is found by its key, however few the planner thinks there are.
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  -- Planning anew costs five times what the statements do.
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  positions bigint[];
  heads bigint[];
  hashes bytea[];
  known ledger.entry;
  e integer := 0;
  in_chain text;
  into_chains text[] := '{}';
  at_positions bigint[] := '{}';
  fresh integer[] := '{}';
  links bytea[] := '{}';
  shown integer[] := '{}';
BEGIN
  -- Locked in one order, so that two appends never wait for each other in a circle.
  SELECT array_agg(c.position ORDER BY o), array_agg(c.seq ORDER BY o), array_agg(c.hash ORDER BY o)
    INTO positions, heads, hashes
    FROM (SELECT h.*, o FROM unnest(chains) WITH ORDINALITY AS n(name, o) JOIN ledger.chain h ON h.chain = n.name
      ORDER BY h.chain FOR UPDATE OF h) AS c;
  IF coalesce(array_length(positions, 1), 0) < array_length(chains, 1) THEN
    INSERT INTO ledger.chain
      SELECT name, 0, 0, sha256(convert_to('airworthy-ledger/1:' || name, 'UTF8')) FROM unnest(chains) AS n(name)
      ORDER BY name ON CONFLICT DO NOTHING;
    SELECT array_agg(c.position ORDER BY o), array_agg(c.seq ORDER BY o), array_agg(c.hash ORDER BY o)
      INTO positions, heads, hashes
      FROM (SELECT h.*, o FROM unnest(chains) WITH ORDINALITY AS n(name, o) JOIN ledger.chain h ON h.chain = n.name
        ORDER BY h.chain FOR UPDATE OF h) AS c;
  END IF;
  FOR c IN 1 .. array_length(chains, 1) LOOP
    in_chain := chains[c];
    FOR i IN 1 .. counts[c] LOOP
      e := e + 1;
      known := NULL;
      IF seqs[e] <= heads[c] THEN
        SELECT * INTO known FROM ledger.entry WHERE chain = in_chain AND seq = seqs[e];
      ELSIF seqs[e] IS NULL THEN
        SELECT * INTO known FROM ledger.entry WHERE id = ids[e] AND seq IS NULL;
      END IF;
      IF known.id IS NOT NULL THEN
        CONTINUE WHEN known.body = bodies[e] AND known.chain = in_chain;
        RAISE EXCEPTION 'another entry stands in the place of %', ids[e] USING ERRCODE = 'AW001', DETAIL = ids[e];
      ELSIF seqs[e] <> heads[c] + 1 THEN
        RAISE EXCEPTION 'number % is expected before %', heads[c] + 1, ids[e]
          USING ERRCODE = 'AW002', DETAIL = (heads[c] + 1)::text || ' ' || ids[e];
      END IF;
      positions[c] := positions[c] + 1;
      heads[c] := coalesce(seqs[e], heads[c]);
      hashes[c] := sha256(hashes[c] || convert_to(bodies[e], 'UTF8'));
      fresh := fresh || e;
      into_chains := into_chains || in_chain;
      at_positions := at_positions || positions[c];
      links := links || hashes[c];
    END LOOP;
  END LOOP;
  IF fresh <> '{}' THEN
    UPDATE ledger.chain AS h SET position = n.position, seq = n.seq, hash = n.hash
      FROM unnest(chains, positions, heads, hashes) AS n(chain, position, seq, hash)
      WHERE h.chain = n.chain AND h.position < n.position;
    INSERT INTO ledger.entry (chain, position, seq, id, type, body, hash)
      SELECT n.chain, n.position, seqs[n.e], ids[n.e], types[n.e], bodies[n.e], n.hash
      FROM unnest(into_chains, at_positions, fresh, links) AS n(chain, position, e, hash);
  END IF;
  FOR c IN 1 .. array_length(chains, 1) LOOP
    IF projected_seqs[c] = heads[c] THEN
      shown := shown || c;
    END IF;
  END LOOP;
  IF shown <> '{}' THEN
    PERFORM projection.store(ARRAY(SELECT rows[c] FROM unnest(shown) AS c), ARRAY(SELECT views[c] FROM unnest(shown) AS c));
  END IF;
END
$$;

-- To one chain, without a projection: for what other functions and transactions record.
CREATE FUNCTION ledger.append(in_chain text, ids text[], types text[], seqs bigint[], bodies text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT ledger.append(ARRAY[in_chain], ARRAY[array_length(ids, 1)], ids, types, seqs, bodies,
    ARRAY[NULL]::bigint[], ARRAY[NULL]::jsonb[], ARRAY[NULL]::json[]);
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT USAGE ON SCHEMA ledger TO airworthy_app;
GRANT SELECT ON ledger.chain, ledger.entry TO airworthy_app;
GRANT EXECUTE ON FUNCTION ledger.append(text[], integer[], text[], text[], bigint[], text[], bigint[], jsonb[], json[]),
  ledger.append(text, text[], text[], bigint[], text[]) TO airworthy_app;
