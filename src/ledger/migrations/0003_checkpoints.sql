-- Checkpoints: where all chains stand at a moment, as one signed root; the keys that sign; and which witness has what.

CREATE TABLE ledger.key_made (
  key text COLLATE "C" PRIMARY KEY,
  public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
  valid_from bigint NOT NULL,
  CHECK (key = left(encode(sha256(public_key), 'hex'), 16))
);
CREATE TABLE ledger.key_retired (
  key text COLLATE "C" NOT NULL REFERENCES ledger.key_made,
  retired_at bigint NOT NULL,
  PRIMARY KEY (key, retired_at)
);
COMMENT ON TABLE ledger.key_retired IS 'When a key signs no longer. A later row may only bring that nearer: the earliest counts.';

CREATE VIEW ledger.signing_key AS
  SELECT m.key, m.public_key, m.valid_from, min(r.retired_at) AS retired_at
  FROM ledger.key_made m LEFT JOIN ledger.key_retired r USING (key) GROUP BY m.key;
COMMENT ON VIEW ledger.signing_key IS 'Public keys, and from when until when each signs: milliseconds since 1970; null: no end yet.';

CREATE TABLE ledger.checkpoint (
  number bigint PRIMARY KEY,
  body text NOT NULL,
  signatures jsonb NOT NULL CHECK (jsonb_array_length(signatures) > 0),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN ledger.checkpoint.body IS 'RFC 8785 form of the checkpoint: exactly what the signatures cover.';

-- Before their checkpoint, hence deferred: its root is known only after the last of them.
CREATE TABLE ledger.checkpoint_leaf (
  chain text COLLATE "C" NOT NULL,
  number bigint NOT NULL REFERENCES ledger.checkpoint DEFERRABLE INITIALLY DEFERRED,
  position bigint NOT NULL CHECK (position > 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (chain, number)
);
CREATE INDEX leaf_by_number ON ledger.checkpoint_leaf (number);
COMMENT ON TABLE ledger.checkpoint_leaf IS 'Leaves that changed with a checkpoint: a chain''s leaf in it is the one of the highest number up to its own.';

CREATE TABLE ledger.witnessed (
  witness text COLLATE "C" NOT NULL,
  number bigint NOT NULL REFERENCES ledger.checkpoint,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (witness, number)
);
COMMENT ON TABLE ledger.witnessed IS 'What each witness has taken.';

CREATE FUNCTION ledger.refuse_unlinked() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  last ledger.checkpoint;
  said jsonb := NEW.body::jsonb;
BEGIN
  PERFORM pg_advisory_xact_lock(4175002013);
  SELECT * INTO last FROM ledger.checkpoint ORDER BY number DESC LIMIT 1;
  IF NEW.number = coalesce(last.number, 0) + 1 AND said -> 'number' = to_jsonb(NEW.number)
    AND said ->> 'previous' IS NOT DISTINCT FROM encode(sha256(convert_to(last.body, 'UTF8')), 'hex') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'checkpoint % does not continue checkpoint %', NEW.number, coalesce(last.number, 0)
    USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER linked BEFORE INSERT ON ledger.checkpoint FOR EACH ROW EXECUTE FUNCTION ledger.refuse_unlinked();

CREATE FUNCTION ledger.refuse_late_leaf() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF EXISTS (SELECT FROM fresh JOIN ledger.checkpoint USING (number)) THEN
    RAISE EXCEPTION 'a checkpoint that is sealed gets no more leaves' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER in_time AFTER INSERT ON ledger.checkpoint_leaf REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_late_leaf();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.key_made
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.key_retired
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.checkpoint_leaf
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.witnessed
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

GRANT SELECT, INSERT ON ledger.key_made, ledger.key_retired, ledger.checkpoint, ledger.checkpoint_leaf,
  ledger.witnessed TO airworthy_app;
GRANT SELECT ON ledger.signing_key TO airworthy_app;
