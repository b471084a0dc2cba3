-- What an append costs: a row of the lists is stored only where an event changes what it shows, and events that change
-- nothing are appended by one statement for all of their chains.

ALTER TABLE ledger.chain ADD COLUMN shown bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN ledger.chain.shown IS 'The sequence number up to which the projection shows what happened.';
-- Its time changes with every row: without this index most changes of a row touch no index at all.
DROP INDEX projection.lifecycle_updated;
UPDATE ledger.chain SET shown = p.seq FROM projection.lifecycle AS p WHERE chain = 'lifecycle/' || p.key;
COMMENT ON COLUMN projection.lifecycle.seq IS 'The last event that changed what is shown; ledger.chain has the last of all.';
COMMENT ON COLUMN projection.lifecycle.updated_at IS 'When that event happened.';

-- Appends entries in order, all or none, and passes over those that are there already: `counts` says how many of the
-- entries, which come one chain after the other, each of the chains has; a chain is named once.
-- Refusals: AW001 another entry stands in the place of the one named in the detail; AW002 the detail's number is expected first.
-- A projection is of the sequence number that its chain must then stand at: stored, or, without a row, the one before
-- it still holds. What can be one statement for all chains is one: an append costs a third of it alone.
CREATE OR REPLACE FUNCTION ledger.append(
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
  stood bigint[];
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
  stood := heads;
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
  UPDATE ledger.chain AS h SET position = n.position, seq = n.seq, hash = n.hash,
      shown = CASE WHEN n.projected = n.seq AND (n.line IS NOT NULL OR h.shown = n.stood) THEN n.seq ELSE h.shown END
    FROM unnest(chains, positions, heads, hashes, stood, projected_seqs, rows)
      AS n(chain, position, seq, hash, stood, projected, line)
    WHERE h.chain = n.chain AND (h.position < n.position OR n.line IS NOT NULL);
  IF fresh <> '{}' THEN
    INSERT INTO ledger.entry (chain, position, seq, id, type, body, hash)
      SELECT n.chain, n.position, seqs[n.e], ids[n.e], types[n.e], bodies[n.e], n.hash
      FROM unnest(into_chains, at_positions, fresh, links) AS n(chain, position, e, hash);
  END IF;
  FOR c IN 1 .. array_length(chains, 1) LOOP
    IF projected_seqs[c] = heads[c] AND rows[c] IS NOT NULL THEN
      shown := shown || c;
    END IF;
  END LOOP;
  IF shown <> '{}' THEN
    PERFORM projection.store(ARRAY(SELECT rows[c] FROM unnest(shown) AS c), ARRAY(SELECT views[c] FROM unnest(shown) AS c));
  END IF;
END
$$;

-- Appends one event each to chains that all stand right before it, with the projection it leads to: `shows` says that
-- there is one, which without a row is what was stored before. Refuses with AW003, having done nothing, where one of them
-- stands elsewhere: ledger.append knows why.
CREATE FUNCTION ledger.append_next(
  chains text[], seqs bigint[], ids text[], types text[], bodies text[], shows boolean[], rows jsonb[], views json[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  appended integer;
BEGIN
  IF 1 = ANY (seqs) THEN
    INSERT INTO ledger.chain (chain, position, seq, hash)
      SELECT n.chain, 0, 0, sha256(convert_to('airworthy-ledger/1:' || n.chain, 'UTF8'))
      FROM unnest(chains, seqs) AS n(chain, seq) WHERE n.seq = 1 ON CONFLICT DO NOTHING;
  END IF;
  WITH moved AS (
    UPDATE ledger.chain AS h SET position = h.position + 1, seq = n.seq,
        hash = sha256(h.hash || convert_to(n.body, 'UTF8')),
        shown = CASE WHEN n.line IS NOT NULL OR n.shows AND h.shown = h.seq THEN n.seq ELSE h.shown END
      FROM unnest(chains, seqs, ids, types, bodies, shows, rows) AS n(chain, seq, id, type, body, shows, line)
      WHERE h.chain = n.chain AND h.seq = n.seq - 1
    RETURNING h.chain, h.position, h.seq, n.id, n.type, n.body, h.hash
  )
  INSERT INTO ledger.entry (chain, position, seq, id, type, body, hash) SELECT * FROM moved;
  GET DIAGNOSTICS appended = ROW_COUNT;
  IF appended < array_length(chains, 1) THEN
    RAISE EXCEPTION 'one of the events is not the next of its chain' USING ERRCODE = 'AW003';
  END IF;
  IF array_remove(rows, NULL) <> '{}' THEN
    PERFORM projection.store(array_remove(rows, NULL), views);
  END IF;
END
$$;
REVOKE ALL ON FUNCTION ledger.append_next FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.append_next TO airworthy_app;

-- Stores what was folded from the ledger itself, whatever stood there before, if the ledger has not gone on since; says
-- whether it did.
CREATE OR REPLACE FUNCTION projection.refresh(in_key text, in_seq bigint, in_row jsonb, in_view json) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE ledger.chain SET shown = in_seq WHERE chain = 'lifecycle/' || in_key AND seq = in_seq;
  IF FOUND THEN
    DELETE FROM projection.lifecycle WHERE key = in_key AND seq > (in_row ->> 'seq')::bigint;
    PERFORM projection.store(ARRAY[in_row], ARRAY[in_view]);
    RETURN true;
  END IF;
  RETURN false;
END
$$;
