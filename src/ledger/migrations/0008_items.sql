-- Exception items: each as its entries leave it. Their events stand in the chain of their lifecycle without a number of
-- its own, so they are folded here, in the transaction of the append, and not with the lifecycle's.

-- Narrow, and with everything an inbox asks for but the lifecycle's title.
CREATE TABLE projection.item (
  key text COLLATE "C" NOT NULL,
  item text COLLATE "C" NOT NULL,
  seq integer NOT NULL,
  team text COLLATE "C" NOT NULL,
  queue text COLLATE "C" NOT NULL,
  status text NOT NULL,
  action text NOT NULL,
  clause text,
  "case" text NOT NULL,
  owner text COLLATE "C" NOT NULL,
  function text COLLATE "C" NOT NULL,
  second_line text COLLATE "C",
  default_outcome text NOT NULL,
  due double precision NOT NULL,
  settles double precision NOT NULL,
  opened_at double precision NOT NULL,
  opened_by text NOT NULL,
  decided_at double precision,
  decided_by text,
  until double precision,
  differed integer NOT NULL,
  waits_until double precision GENERATED ALWAYS AS (CASE status WHEN 'waiting' THEN due ELSE settles END) STORED,
  PRIMARY KEY (key, item)
) WITH (fillfactor = 70);
COMMENT ON COLUMN projection.item.due IS 'End of the SLA; from then on it is with the second line, where there is one.';
COMMENT ON COLUMN projection.item.waits_until IS 'When it is passed on or settled, while nobody has decided.';
COMMENT ON COLUMN projection.item.settles IS 'When the default outcome settles it.';
COMMENT ON COLUMN projection.item.until IS 'Until when an approval can be used.';
COMMENT ON COLUMN projection.item.differed IS 'How often another action was tried under its approval.';
CREATE INDEX item_opened ON projection.item (key, opened_at, item);
-- Undecided ones are few and decided ones stay for good: inboxes and counts look at nothing else. One index for each way
-- to be somebody who can decide, in the order of an inbox, so that nobody's is read further than it is shown.
CREATE INDEX item_for_function ON projection.item (team, function, waits_until) WHERE status IN ('waiting', 'second-line');
CREATE INDEX item_for_owner ON projection.item (owner, waits_until) WHERE status IN ('waiting', 'second-line');
CREATE INDEX item_for_second_line ON projection.item (second_line, waits_until) WHERE status = 'second-line';

-- Folds one entry. What cannot be read as an event of an item is in the ledger all the same, and shows nothing.
CREATE FUNCTION projection.fold_item(entry jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  data jsonb := entry -> 'data';
  happened text := entry ->> 'type';
  decides boolean := happened IN ('ItemApproved', 'ItemDenied', 'ItemDefaulted');
BEGIN
  IF happened = 'ItemOpened' THEN
    INSERT INTO projection.item (key, item, seq, team, queue, status, action, clause, "case", owner, function,
      second_line, default_outcome, due, settles, opened_at, opened_by, differed)
    VALUES (entry ->> 'lifecycle', data ->> 'item', (data ->> 'n')::integer, data ->> 'team', data ->> 'queue',
      'waiting', data ->> 'action', data ->> 'clause', data ->> 'case', data ->> 'owner', data ->> 'function',
      data ->> 'secondLine', data ->> 'default', (data ->> 'due')::double precision,
      (data ->> 'settles')::double precision, (entry ->> 'at')::double precision, entry ->> 'by', 0)
    ON CONFLICT DO NOTHING;
  ELSE
    UPDATE projection.item AS known SET
      seq = known.seq + 1,
      status = CASE happened
        WHEN 'ItemPassedOn' THEN 'second-line'
        WHEN 'ItemApproved' THEN 'approved'
        WHEN 'ItemDenied' THEN 'denied'
        WHEN 'ItemDefaulted' THEN CASE data ->> 'outcome' WHEN 'deny' THEN 'denied' ELSE 'manual' END
        WHEN 'ItemUsed' THEN 'used'
        WHEN 'ItemLapsed' THEN 'lapsed'
        ELSE known.status END,
      decided_at = CASE WHEN decides THEN (entry ->> 'at')::double precision ELSE known.decided_at END,
      decided_by = CASE WHEN decides THEN entry ->> 'by' ELSE known.decided_by END,
      until = CASE
        WHEN happened = 'ItemApproved' THEN (data ->> 'until')::double precision
        WHEN happened IN ('ItemUsed', 'ItemLapsed') THEN NULL
        ELSE known.until END,
      differed = known.differed + (happened = 'ItemActionDiffered')::integer
    WHERE known.key = entry ->> 'lifecycle' AND known.item = data ->> 'item' AND known.seq = (data ->> 'n')::integer - 1;
  END IF;
EXCEPTION WHEN data_exception OR not_null_violation THEN
  RAISE WARNING 'entry % is no event of an item that can be shown: %', entry ->> 'id', SQLERRM;
END
$$;

CREATE FUNCTION projection.item_appended() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  PERFORM projection.fold_item(new.body::jsonb);
  RETURN NULL;
END
$$;

-- Not part of ledger.append: for entries of any other kind the condition is all that it costs.
CREATE TRIGGER project_item AFTER INSERT ON ledger.entry FOR EACH ROW
  WHEN (new.seq IS NULL AND new.id LIKE 'review/%') EXECUTE FUNCTION projection.item_appended();

-- Folds the items of a lifecycle from the ledger anew; appends to it wait so long. For the owner only.
CREATE FUNCTION projection.refold_items(in_key text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  stored text;
BEGIN
  PERFORM FROM ledger.chain WHERE chain = 'lifecycle/' || in_key FOR SHARE;
  DELETE FROM projection.item WHERE key = in_key;
  FOR stored IN
    SELECT body FROM ledger.entry
    WHERE seq IS NULL AND id >= 'review/' || in_key || '/' AND id < 'review/' || in_key || '0'
      AND chain = 'lifecycle/' || in_key
    ORDER BY position
  LOOP
    PERFORM projection.fold_item(stored::jsonb);
  END LOOP;
END
$$;

REVOKE ALL ON FUNCTION projection.fold_item, projection.item_appended, projection.refold_items FROM PUBLIC;
GRANT SELECT ON projection.item TO airworthy_app;
