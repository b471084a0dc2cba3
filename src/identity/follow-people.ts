import type { Roster } from '../ports/roster.js';

interface Source {
  roster(): Promise<Roster>;
}

/** Keeps a record in step with who makes rosters: every call makes sure that the newest is recorded. */
export function followPeople(people: Source, record: (roster: Roster) => Promise<void>): () => Promise<void> {
  let recorded: string | undefined;
  let recording: Promise<void> | undefined;

  const follow = async (): Promise<void> => {
    const roster = await people.roster();
    if (roster.version === recorded) return;
    await record(roster);
    recorded = roster.version;
  };

  return () => {
    // `finally` alone would make a second promise, whose failure nobody handles.
    recording ??= follow().then(
      () => {
        recording = undefined;
      },
      (error: unknown) => {
        recording = undefined;
        throw error;
      },
    );
    return recording;
  };
}
