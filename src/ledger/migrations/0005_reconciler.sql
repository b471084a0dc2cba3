-- How far the reconciler has read what Temporal has. Its notes, not records: lost, they are made again from the
-- histories that are still there, and what was found before is found under the same ids.

CREATE TABLE ledger.reconciled (
  chain text COLLATE "C" NOT NULL,
  run_id text NOT NULL,
  event_id bigint NOT NULL,
  at timestamptz NOT NULL,
  acknowledged bigint NOT NULL,
  awaited bigint,
  awaited_since timestamptz,
  asked boolean NOT NULL,
  PRIMARY KEY (chain, run_id)
) WITH (fillfactor = 70);
COMMENT ON COLUMN ledger.reconciled.event_id IS 'The last event that was read.';
COMMENT ON COLUMN ledger.reconciled.at IS 'The pass that last saw the run.';
COMMENT ON COLUMN ledger.reconciled.acknowledged IS 'The highest sequence number that the run has answered somebody with.';
COMMENT ON COLUMN ledger.reconciled.awaited IS 'A sequence number that the ledger has not had since awaited_since.';
COMMENT ON COLUMN ledger.reconciled.asked IS 'Whether the run was asked what it waits for since it last changed.';

CREATE TABLE ledger.reconciled_until (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  at timestamptz NOT NULL
);
COMMENT ON TABLE ledger.reconciled_until IS 'When the last pass began that came to its end.';

GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.reconciled, ledger.reconciled_until TO airworthy_app;
