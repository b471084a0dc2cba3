import type pg from 'pg';

/**
 * Notes with which trust a database is used, and answers the strongest it was ever used with: what is one of production
 * stays one. Throws what the database throws.
 */
export async function markTrust(
  pool: Pick<pg.Pool, 'query'>,
  trust: 'dev' | 'signed',
): Promise<'dev' | 'signed'> {
  const { rows } = await pool.query<{ signed: boolean }>(
    "SELECT EXISTS (SELECT FROM identity.trusted WHERE trust = 'signed') AS signed",
  );
  if (rows[0]?.signed === true) return 'signed';
  await pool.query('INSERT INTO identity.trusted (trust) VALUES ($1) ON CONFLICT DO NOTHING', [trust]);
  return trust;
}
