-- What an instance of the API knows of stops before the projection shows them: handed over to an engine that has not
-- answered, or accepted and not in the ledger yet. The other instances, and those that start meanwhile, read it here.

CREATE TABLE guard.told (
  key text COLLATE "C" NOT NULL,
  command text COLLATE "C" NOT NULL,
  effect text NOT NULL,
  scope text NOT NULL,
  seq bigint NOT NULL,
  until timestamptz NOT NULL,
  changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (key, command)
);
COMMENT ON COLUMN guard.told.seq IS 'Number of the first event that can show it.';
CREATE INDEX told_changed ON guard.told (changed);
GRANT SELECT ON guard.told TO airworthy_app;

-- Tells of a stop. A command that is repeated keeps its number: what it did may have been lifted since, and nothing new is
-- recorded of it. Forgets those that the projection has shown, once nobody repeats them any more.
CREATE FUNCTION guard.tell(in_key text, in_command text, in_effect text, in_scope text, in_seq bigint, in_ms bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  first bigint;
BEGIN
  INSERT INTO guard.told AS known (key, command, effect, scope, seq, until)
    VALUES (in_key, in_command, in_effect, in_scope, in_seq, now() + in_ms * interval '1 millisecond')
    ON CONFLICT (key, command) DO UPDATE SET
      until = greatest(known.until, excluded.until), changed = excluded.changed
    RETURNING seq INTO first;
  DELETE FROM guard.told AS old USING projection.standing AS shown
    WHERE shown.key = old.key AND shown.seq >= old.seq AND old.until < now() - interval '30 days';
  RETURN first;
END
$$;
REVOKE ALL ON FUNCTION guard.tell FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.tell TO airworthy_app;
