-- Projections: each lifecycle as its events leave it, for lists and inboxes. Made by the appender, stored in the
-- transaction of the append, made again from the ledger at any time. Nothing is decided from them.

CREATE SCHEMA projection;

-- Narrow, because lists scan it; what only one lifecycle's page needs is in projection.view.
CREATE TABLE projection.lifecycle (
  key text COLLATE "C" PRIMARY KEY,
  seq bigint NOT NULL,
  updated_at double precision NOT NULL,
  opened_at double precision NOT NULL,
  retired boolean NOT NULL,
  stage text NOT NULL,
  mode text NOT NULL,
  tier text NOT NULL,
  team text NOT NULL,
  title text NOT NULL,
  search text NOT NULL,
  release text,
  held boolean NOT NULL,
  exposure double precision,
  due double precision NOT NULL,
  waiting_on text[] NOT NULL,
  functions text[] NOT NULL,
  people text[] NOT NULL,
  people_due double precision[] NOT NULL,
  holders text[] NOT NULL,
  owners jsonb NOT NULL
) WITH (fillfactor = 70);
COMMENT ON COLUMN projection.lifecycle.search IS 'Title and key in lower case.';
COMMENT ON COLUMN projection.lifecycle.due IS 'When the soonest of what it waits for is due; infinity: never.';
COMMENT ON COLUMN projection.lifecycle.functions IS 'The functions that any gate waits for.';
COMMENT ON COLUMN projection.lifecycle.people IS 'Who can act now.';
COMMENT ON COLUMN projection.lifecycle.people_due IS 'For each of people, when the soonest of what waits on them is due; infinity: never.';
COMMENT ON COLUMN projection.lifecycle.holders IS 'Whoever holds one of its decision rights.';

CREATE INDEX lifecycle_awaited ON projection.lifecycle USING gin (people, waiting_on, functions, holders)
  WITH (fastupdate = on, gin_pending_list_limit = 128);
CREATE INDEX lifecycle_team ON projection.lifecycle (team);
CREATE INDEX lifecycle_due ON projection.lifecycle (due, key);
CREATE INDEX lifecycle_updated ON projection.lifecycle (updated_at, key);
CREATE INDEX lifecycle_opened ON projection.lifecycle (opened_at, key);

-- In its page and as it came: parsing or compressing a view costs more than all the rest of storing it.
CREATE TABLE projection.view (
  key text COLLATE "C" PRIMARY KEY,
  view json NOT NULL
) WITH (fillfactor = 70, toast_tuple_target = 8160);

-- Called by functions that run as the owner, ledger.append first of all, and granted to nobody. What is older than what
-- is there changes nothing. The n-th view is that of the n-th row.
CREATE FUNCTION projection.store(rows jsonb[], views json[]) RETURNS void LANGUAGE plpgsql AS $$
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
END
$$;

-- Stores what was folded from the ledger itself, if the ledger has not gone on since; says whether it did.
CREATE FUNCTION projection.refresh(in_key text, in_seq bigint, in_row jsonb, in_view json) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM FROM ledger.chain WHERE chain = 'lifecycle/' || in_key AND seq = in_seq FOR SHARE;
  IF FOUND THEN
    PERFORM projection.store(ARRAY[in_row], ARRAY[in_view]);
    RETURN true;
  END IF;
  RETURN false;
END
$$;
REVOKE ALL ON FUNCTION projection.store, projection.refresh FROM PUBLIC;
GRANT EXECUTE ON FUNCTION projection.refresh TO airworthy_app;

-- The parts of a lifecycle as tables, for whoever asks in SQL.

CREATE VIEW projection.shown AS SELECT key, view::jsonb AS view FROM projection.view;

CREATE VIEW projection.gate AS
  SELECT key, gate ->> 'gate' AS gate, (gate ->> 'generation')::integer AS generation, gate ->> 'subject' AS subject,
    gate ->> 'status' AS status, (gate ->> 'due')::double precision AS due, (gate ->> 'paused')::boolean AS paused
  FROM projection.shown, jsonb_array_elements(view -> 'gates') AS gate;

CREATE VIEW projection.seat AS
  SELECT key, gate ->> 'gate' AS gate, seat ->> 'seat' AS seat, seat ->> 'filledBy' AS filled_by
  FROM projection.shown, jsonb_array_elements(view -> 'gates') AS gate, jsonb_array_elements(gate -> 'seats') AS seat;

CREATE VIEW projection.condition AS
  SELECT key, condition ->> 'condition' AS condition, condition ->> 'owner' AS owner,
    (condition ->> 'due')::double precision AS due, (condition ->> 'beforeRelease')::boolean AS before_release
  FROM projection.shown, jsonb_array_elements(view -> 'conditions') AS condition;

CREATE VIEW projection.hold AS
  SELECT key, hold ->> 'hold' AS hold, hold ->> 'effect' AS effect, hold ->> 'scope' AS scope,
    hold ->> 'source' AS source, hold ->> 'by' AS by, (hold ->> 'at')::double precision AS at,
    (hold ->> 'verified')::boolean AS verified
  FROM projection.shown, jsonb_array_elements(view -> 'holds') AS hold;

-- Of the open delivery, as its rules see it.
CREATE VIEW projection.evidence AS
  SELECT key, evidence ->> 'kind' AS kind, evidence ->> 'digest' AS digest, (evidence ->> 'met')::boolean AS met
  FROM projection.shown, jsonb_array_elements(nullif(view -> 'delivery', 'null') -> 'evidence') AS evidence;

-- What serves, and what is on its way to.
CREATE VIEW projection.release AS
  SELECT key, 'serving' AS role, serving ->> 'label' AS label, serving ->> 'release' AS release,
    (serving ->> 'percent')::double precision AS percent, NULL AS step, NULL AS phase
  FROM projection.shown, nullif(view -> 'serving', 'null') AS serving WHERE serving IS NOT NULL
  UNION ALL
  SELECT key, 'candidate', candidate ->> 'label', candidate ->> 'release', NULL, candidate ->> 'step',
    candidate ->> 'phase'
  FROM projection.shown, nullif(view -> 'candidate', 'null') AS candidate WHERE candidate IS NOT NULL;

GRANT USAGE ON SCHEMA projection TO airworthy_app;
GRANT SELECT ON ALL TABLES IN SCHEMA projection TO airworthy_app;
