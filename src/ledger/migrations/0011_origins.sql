-- To which lifecycles a document was brought. Whoever knows a digest can write it into a lifecycle of their own; that
-- alone must not open, nor tell that there is, what belongs to another. What was brought to none is everybody's whose
-- ledger refers to it: operating models, and what was stored before this.

CREATE TABLE documents.origin (
  digest text COLLATE "C" NOT NULL REFERENCES documents.document (digest) ON DELETE CASCADE,
  chain text COLLATE "C" NOT NULL,
  PRIMARY KEY (digest, chain)
);

-- In the statement of the put, after it. Nothing where it is brought to none, or its key was erased in the meantime.
CREATE FUNCTION documents.bring(in_digest text, in_chain text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
  INSERT INTO documents.origin (digest, chain)
    SELECT d.digest, in_chain FROM documents.document d WHERE d.digest = in_digest AND in_chain IS NOT NULL
  ON CONFLICT DO NOTHING
$$;

REVOKE ALL ON FUNCTION documents.bring FROM PUBLIC;
GRANT SELECT ON documents.origin TO airworthy_app;
GRANT EXECUTE ON FUNCTION documents.bring TO airworthy_app;
