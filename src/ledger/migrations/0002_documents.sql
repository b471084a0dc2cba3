-- Documents by digest, the keys that personal ones are encrypted under, and what is known of who refers to what.

CREATE SCHEMA documents;
CREATE SCHEMA keys;

CREATE TABLE keys.subject_key (
  id uuid PRIMARY KEY,
  subject text COLLATE "C" NOT NULL UNIQUE,
  key bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN keys.subject_key.key IS 'The AES-256 key, itself encrypted under the master key, which the database never has.';

CREATE TABLE keys.erased (
  key uuid PRIMARY KEY,
  subject text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL
);
COMMENT ON TABLE keys.erased IS 'Keys that are gone: what was written before and arrives late must not become readable again.';
CREATE INDEX erased_by_subject ON keys.erased (subject, at);

CREATE TABLE documents.retention_class (
  class text COLLATE "C" PRIMARY KEY,
  days integer NOT NULL CHECK (days > 0)
);
COMMENT ON TABLE documents.retention_class IS 'Days that a document outlives the retirement of the last lifecycle that refers to it.';
INSERT INTO documents.retention_class VALUES ('record', 3653), ('evidence', 3653), ('personal', 3653);

-- Bytes of a plain document are its RFC 8785 form, so that its digest can be checked by anybody, here too.
CREATE TABLE documents.document (
  digest text COLLATE "C" PRIMARY KEY CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
  class text COLLATE "C" NOT NULL REFERENCES documents.retention_class,
  subject text COLLATE "C",
  key uuid,
  nonce bytea,
  body bytea NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((class = 'personal') = (subject IS NOT NULL)),
  CHECK ((key IS NULL) = (nonce IS NULL)),
  CHECK (class = 'personal' OR (key IS NULL AND digest = 'sha256:' || encode(sha256(body), 'hex')))
);
COMMENT ON COLUMN documents.document.body IS 'Personal: AES-256-GCM of {"document", "salt"} under the subject''s key; empty where that was erased before it arrived.';
CREATE INDEX document_by_subject ON documents.document (subject) WHERE subject IS NOT NULL;
CREATE INDEX document_by_age ON documents.document (stored_at);

CREATE TABLE documents.reference (
  chain text COLLATE "C" NOT NULL,
  digest text COLLATE "C" NOT NULL,
  followed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (chain, digest)
);
COMMENT ON COLUMN documents.reference.followed IS 'Whether what the document itself refers to is in this table; false while the document is not here, for good where it is kept elsewhere.';
CREATE INDEX reference_by_digest ON documents.reference (digest);
CREATE INDEX reference_to_follow ON documents.reference (chain, digest) WHERE NOT followed;

CREATE TABLE documents.scanned (
  chain text COLLATE "C" PRIMARY KEY,
  position bigint NOT NULL,
  retired_at timestamptz,
  legal_hold boolean
);
COMMENT ON TABLE documents.scanned IS 'How far each chain was read for references, and what its events said about keeping its documents.';

CREATE TABLE documents.sweeping (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  last_at timestamptz NOT NULL,
  unbroken_since timestamptz NOT NULL
);
INSERT INTO documents.sweeping (last_at, unbroken_since) VALUES (now(), now());

-- The subject's key, made of the given one where there is none; nothing where it was erased after the document was written.
CREATE FUNCTION keys.key_for(in_subject text, fresh_id uuid, fresh_key bytea, written_at timestamptz)
RETURNS TABLE (id uuid, key bytea) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF EXISTS (SELECT FROM keys.erased e WHERE e.subject = in_subject AND e.at >= written_at) THEN
    RETURN;
  END IF;
  LOOP
    INSERT INTO keys.subject_key (id, subject, key) VALUES (fresh_id, in_subject, fresh_key)
      ON CONFLICT (subject) DO NOTHING;
    RETURN QUERY SELECT k.id, k.key FROM keys.subject_key k WHERE k.subject = in_subject;
    EXIT WHEN FOUND;
  END LOOP;
END
$$;

-- Stores a document; false where its key was erased in the meantime. Storing it again makes it young again, so that
-- a sweep running now passes it over.
CREATE FUNCTION documents.put(
  in_digest text, in_class text, in_subject text, in_key uuid, in_nonce bytea, in_body bytea
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF in_key IS NOT NULL THEN
    PERFORM FROM keys.subject_key WHERE id = in_key FOR KEY SHARE;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
  END IF;
  INSERT INTO documents.document AS known (digest, class, subject, key, nonce, body)
    VALUES (in_digest, in_class, in_subject, in_key, in_nonce, in_body)
  ON CONFLICT (digest) DO UPDATE SET
    stored_at = clock_timestamp(),
    body = CASE known.class WHEN 'personal' THEN known.body ELSE excluded.body END,
    class = CASE known.class WHEN 'record' THEN excluded.class ELSE known.class END
  WHERE (known.class = 'personal') = (excluded.class = 'personal') AND (
    known.stored_at < clock_timestamp() - interval '1 hour'
    OR known.class = 'record' AND excluded.class = 'evidence'
    OR known.class <> 'personal' AND known.body <> excluded.body);
  RETURN true;
END
$$;

CREATE FUNCTION documents.get(in_digest text)
RETURNS TABLE (class text, subject text, key uuid, wrapped bytea, nonce bytea, body bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT d.class, d.subject, d.key, k.key, d.nonce, d.body
  FROM documents.document d LEFT JOIN keys.subject_key k ON k.id = d.key WHERE d.digest = in_digest
$$;

-- Reads a page of ledger entries that are new since the last time, of all chains or of one, and keeps the digests they
-- name; when there are none, a page of the plain documents so found, for the digests that those name. Answers how many
-- of either it read: 0 when there is nothing left to read.
CREATE FUNCTION documents.scan(only_chain text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  count_read integer;
BEGIN
  PERFORM pg_advisory_xact_lock(4175002012);
  WITH due AS MATERIALIZED (
    SELECT c.chain, coalesce(s.position, 0) AS position
    FROM ledger.chain c LEFT JOIN documents.scanned s USING (chain)
    WHERE c.position > coalesce(s.position, 0) AND (only_chain IS NULL OR c.chain = only_chain)
    LIMIT 20
  ), page AS MATERIALIZED (
    SELECT due.chain, e.* FROM due CROSS JOIN LATERAL (
      SELECT position, seq, type, body FROM ledger.entry
      WHERE chain = due.chain AND position > due.position ORDER BY position LIMIT 100
    ) e
  ), found AS (
    INSERT INTO documents.reference (chain, digest)
    SELECT DISTINCT chain, match[1] FROM page, regexp_matches(body, '"(sha256:[0-9a-f]{64})"', 'g') match
    ON CONFLICT DO NOTHING
  ), marked AS (
    INSERT INTO documents.scanned AS known (chain, position, retired_at, legal_hold)
    SELECT chain, max(position),
      max(CASE WHEN type = 'Retired' AND seq IS NOT NULL
        THEN to_timestamp((body::jsonb ->> 'at')::double precision / 1000) END),
      (array_agg((body::jsonb #>> '{data,on}')::boolean ORDER BY position DESC)
        FILTER (WHERE type = 'LegalHoldSet' AND seq IS NOT NULL))[1]
    FROM page GROUP BY chain
    ON CONFLICT (chain) DO UPDATE SET position = excluded.position,
      retired_at = coalesce(excluded.retired_at, known.retired_at),
      legal_hold = coalesce(excluded.legal_hold, known.legal_hold)
  )
  SELECT count(*) INTO count_read FROM page;
  IF count_read > 0 THEN
    RETURN count_read;
  END IF;
  WITH here AS MATERIALIZED (
    SELECT r.chain, r.digest, d.class, d.body
    FROM documents.reference r JOIN documents.document d USING (digest)
    WHERE NOT r.followed AND (only_chain IS NULL OR r.chain = only_chain)
    LIMIT 500
  ), found AS (
    INSERT INTO documents.reference (chain, digest)
    SELECT DISTINCT chain, match[1]
    FROM here, regexp_matches(convert_from(body, 'UTF8'), '"(sha256:[0-9a-f]{64})"', 'g') match
    WHERE class <> 'personal'
    ON CONFLICT DO NOTHING
  ), done AS (
    UPDATE documents.reference r SET followed = true FROM here
    WHERE r.chain = here.chain AND r.digest = here.digest
  )
  SELECT count(*) INTO count_read FROM here;
  RETURN count_read;
END
$$;

-- Deletes up to `most` documents that nothing refers to after a day, and as many whose retention is over, and counts
-- them by class. Whoever carries events to the ledger is down when nobody sweeps: after a pause of sweeping nothing is
-- deleted for an hour, in which the references to what was stored before the pause arrive.
CREATE FUNCTION documents.sweep(most integer) RETURNS TABLE (why text, class text, number integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  since timestamptz;
BEGIN
  UPDATE documents.sweeping SET last_at = now(),
    unbroken_since = CASE WHEN last_at < now() - interval '2 hours' THEN now() ELSE unbroken_since END
    RETURNING unbroken_since INTO since;
  IF since > now() - interval '50 minutes' THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH orphaned AS (
    SELECT d.digest, d.stored_at, 'orphaned' AS reason FROM documents.document d
    WHERE d.stored_at < now() - interval '24 hours'
      AND NOT EXISTS (SELECT FROM documents.reference r WHERE r.digest = d.digest)
    LIMIT most
  ), expired AS (
    SELECT d.digest, d.stored_at, 'expired' AS reason
    FROM documents.retention_class c JOIN documents.document d
      ON d.class = c.class AND d.stored_at < now() - make_interval(days => c.days)
    WHERE EXISTS (SELECT FROM documents.reference r WHERE r.digest = d.digest)
      AND NOT EXISTS (
        SELECT FROM documents.reference r LEFT JOIN documents.scanned s USING (chain)
        WHERE r.digest = d.digest
          AND (s.legal_hold OR s.retired_at IS NULL OR s.retired_at > now() - make_interval(days => c.days)))
    LIMIT most
  ), doomed AS MATERIALIZED (
    SELECT * FROM orphaned UNION ALL SELECT * FROM expired
  ), gone AS (
    -- Of its age still: one that is stored again at this moment stays.
    DELETE FROM documents.document d USING doomed x
    WHERE d.digest = x.digest AND d.stored_at = x.stored_at RETURNING x.reason, d.class
  )
  SELECT g.reason, g.class, count(*)::integer FROM gone g GROUP BY 1, 2 ORDER BY 1, 2;
END
$$;

-- Deletes the subject's key and answers how many documents became unreadable, null where there was no key; or, under
-- a legal hold, deletes nothing and answers the lifecycles that it is on. Scan first: it knows only what was read.
CREATE FUNCTION keys.erase(in_subject text, OUT documents integer, OUT held text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  gone uuid;
BEGIN
  SELECT array_agg(DISTINCT substr(s.chain, 11) ORDER BY substr(s.chain, 11)) INTO held
    FROM keys.subject_key k JOIN documents.document d ON d.key = k.id
    JOIN documents.reference r USING (digest) JOIN documents.scanned s USING (chain)
    WHERE k.subject = in_subject AND s.legal_hold;
  IF held IS NOT NULL THEN
    RETURN;
  END IF;
  DELETE FROM keys.subject_key WHERE subject = in_subject RETURNING id INTO gone;
  IF gone IS NOT NULL THEN
    INSERT INTO keys.erased (key, subject, at) VALUES (gone, in_subject, clock_timestamp());
    SELECT count(*) INTO documents FROM documents.document d WHERE d.subject = in_subject AND d.key = gone;
  END IF;
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA documents, keys FROM PUBLIC;
GRANT USAGE ON SCHEMA documents, keys TO airworthy_app;
GRANT SELECT ON ALL TABLES IN SCHEMA documents TO airworthy_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA documents, keys TO airworthy_app;
