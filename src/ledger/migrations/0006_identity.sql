-- People, teams and their credentials, absences and delegations, as rows with the time in which they were so; and the
-- keys of machines. A row is never overwritten: what changes is ended, and stands again in a new row.

CREATE SCHEMA identity;

CREATE TABLE identity.person (
  id text COLLATE "C" NOT NULL,
  functions text[] NOT NULL,
  teams text[] NOT NULL,
  roles text[] NOT NULL,
  active boolean NOT NULL,
  source text COLLATE "C" NOT NULL,
  valid_from timestamptz NOT NULL DEFAULT clock_timestamp(),
  valid_to timestamptz CHECK (valid_to >= valid_from)
);
COMMENT ON COLUMN identity.person.source IS 'Who says so: people-file, or the issuer whose claims it follows.';
CREATE UNIQUE INDEX person_now ON identity.person (id) WHERE valid_to IS NULL;
CREATE INDEX person_then ON identity.person (id, valid_from);
CREATE INDEX person_by_team ON identity.person USING gin (teams) WHERE valid_to IS NULL;

CREATE TABLE identity.person_name (
  person text COLLATE "C" PRIMARY KEY,
  name text NOT NULL
);
COMMENT ON TABLE identity.person_name IS 'The only personal thing here, and without history: it is changed and deleted in place.';

CREATE TABLE identity.team (
  id text COLLATE "C" NOT NULL,
  calendar text NOT NULL,
  lead text COLLATE "C" NOT NULL,
  heads jsonb NOT NULL,
  rights jsonb NOT NULL,
  source text COLLATE "C" NOT NULL,
  valid_from timestamptz NOT NULL DEFAULT clock_timestamp(),
  valid_to timestamptz CHECK (valid_to >= valid_from)
);
CREATE UNIQUE INDEX team_now ON identity.team (id) WHERE valid_to IS NULL;
CREATE INDEX team_then ON identity.team (id, valid_from);

CREATE TABLE identity.credential (
  issuer text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  person text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  valid_from timestamptz NOT NULL DEFAULT clock_timestamp(),
  valid_to timestamptz CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE identity.credential IS 'Whom a subject of an issuer is: one person however many credentials.';
CREATE UNIQUE INDEX credential_now ON identity.credential (issuer, subject) WHERE valid_to IS NULL;
CREATE INDEX credential_by_person ON identity.credential (person, valid_from);

CREATE TABLE identity.absence (
  person text COLLATE "C" NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  source text COLLATE "C" NOT NULL,
  valid_from timestamptz NOT NULL DEFAULT clock_timestamp(),
  valid_to timestamptz CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE identity.absence IS 'Out of office: not before starts_at, and back at ends_at.';
CREATE UNIQUE INDEX absence_now ON identity.absence (person, starts_at) WHERE valid_to IS NULL;

CREATE TABLE identity.delegation (
  person text COLLATE "C" NOT NULL,
  delegate text COLLATE "C" NOT NULL CHECK (delegate <> person),
  gates text[],
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  source text COLLATE "C" NOT NULL,
  valid_from timestamptz NOT NULL DEFAULT clock_timestamp(),
  valid_to timestamptz CHECK (valid_to >= valid_from)
);
COMMENT ON COLUMN identity.delegation.gates IS 'The gates it is for; null: all.';
CREATE UNIQUE INDEX delegation_now ON identity.delegation (person, delegate, starts_at) WHERE valid_to IS NULL;

CREATE TABLE identity.api_key (
  id text COLLATE "C" PRIMARY KEY,
  person text COLLATE "C" NOT NULL,
  label text NOT NULL,
  scopes text[],
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  created_at timestamptz NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > created_at)
);
COMMENT ON COLUMN identity.api_key.hash IS 'SHA-256 of the secret part, which is nowhere.';
CREATE INDEX api_key_by_person ON identity.api_key (person, created_at);
CREATE TABLE identity.api_key_revoked (
  id text COLLATE "C" PRIMARY KEY REFERENCES identity.api_key,
  at timestamptz NOT NULL,
  by text COLLATE "C" NOT NULL
);
CREATE TABLE identity.api_key_used (
  id text COLLATE "C" PRIMARY KEY REFERENCES identity.api_key,
  at timestamptz NOT NULL
);
COMMENT ON TABLE identity.api_key_used IS 'When a key was last used, to the minute.';

CREATE TABLE identity.trusted (
  trust text COLLATE "C" PRIMARY KEY CHECK (trust IN ('dev', 'signed')),
  since timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE identity.trusted IS 'With which trust this database was ever used. Once it was used with signed, nobody starts with dev on it.';

CREATE FUNCTION identity.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.valid_to IS NULL AND NEW.valid_to IS NOT NULL
    AND to_jsonb(NEW) - 'valid_to' = to_jsonb(OLD) - 'valid_to' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'history is only ended, never changed: % on %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER only_ended BEFORE UPDATE OR DELETE ON identity.person
  FOR EACH ROW EXECUTE FUNCTION identity.refuse_rewriting();
CREATE TRIGGER only_ended BEFORE UPDATE OR DELETE ON identity.team
  FOR EACH ROW EXECUTE FUNCTION identity.refuse_rewriting();
CREATE TRIGGER only_ended BEFORE UPDATE OR DELETE ON identity.credential
  FOR EACH ROW EXECUTE FUNCTION identity.refuse_rewriting();
CREATE TRIGGER only_ended BEFORE UPDATE OR DELETE ON identity.absence
  FOR EACH ROW EXECUTE FUNCTION identity.refuse_rewriting();
CREATE TRIGGER only_ended BEFORE UPDATE OR DELETE ON identity.delegation
  FOR EACH ROW EXECUTE FUNCTION identity.refuse_rewriting();

GRANT USAGE ON SCHEMA identity TO airworthy_app;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA identity TO airworthy_app;
GRANT UPDATE (valid_to) ON identity.person, identity.team, identity.credential, identity.absence,
  identity.delegation TO airworthy_app;
GRANT UPDATE, DELETE ON identity.person_name TO airworthy_app;
GRANT UPDATE (at) ON identity.api_key_used TO airworthy_app;
REVOKE ALL ON FUNCTION identity.refuse_rewriting() FROM PUBLIC;
