import type pg from 'pg';

const OURS = "n.nspname IN ('ledger', 'documents', 'keys', 'projection', 'identity', 'guard')";

/**
 * One query a kind of object, each answering lines of SQL-like text in an order of its own. Read from the catalogue
 * instead of by pg_dump, whose output differs from version to version and which not every server brings along.
 */
const PARTS: readonly string[] = [
  `SELECT format('SCHEMA %s', n.nspname) AS line FROM pg_namespace n WHERE ${OURS} ORDER BY 1`,
  `SELECT format('TABLE %s.%s.%s %s%s%s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attnotnull THEN ' NOT NULL' END,
      CASE WHEN a.attgenerated <> '' THEN ' GENERATED ' || pg_get_expr(d.adbin, d.adrelid)
        WHEN a.attidentity <> '' THEN ' IDENTITY'
        WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END) AS line
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE ${OURS} AND c.relkind IN ('r', 'p') ORDER BY n.nspname, c.relname, a.attnum`,
  `SELECT format('CONSTRAINT %s.%s %s', n.nspname, c.relname, pg_get_constraintdef(o.oid)) AS line
    FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${OURS} AND o.contype <> 'n' AND c.relkind IN ('r', 'p') ORDER BY 1`,
  `SELECT pg_get_indexdef(i.indexrelid) AS line FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS} AND c.relkind IN ('r', 'p') ORDER BY 1`,
  `SELECT format('VIEW %s.%s (%s)', n.nspname, c.relname, (SELECT string_agg(format('%s %s', a.attname,
      format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum) FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0)) AS line
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS} AND c.relkind = 'v' ORDER BY 1`,
  `SELECT pg_get_triggerdef(t.oid) AS line FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS} AND NOT t.tgisinternal ORDER BY 1`,
  `SELECT pg_get_functiondef(p.oid) AS line FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${OURS} ORDER BY 1`,
  `SELECT format('GRANT %s ON %s.%s TO %s', string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type),
      n.nspname, c.relname, g.grantee::regrole) AS line
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) g
    WHERE ${OURS} AND g.grantee <> c.relowner GROUP BY n.nspname, c.relname, g.grantee ORDER BY 1`,
  `SELECT format('GRANT %s (%s) ON %s.%s TO %s', g.privilege_type, a.attname, n.nspname, c.relname,
      g.grantee::regrole) AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
      aclexplode(a.attacl) g
    WHERE ${OURS} AND g.grantee <> c.relowner ORDER BY 1`,
  `SELECT format('GRANT EXECUTE ON %s TO %s', p.oid::regprocedure,
      CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END) AS line
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
      aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
    WHERE ${OURS} AND g.grantee <> p.proowner ORDER BY 1`,
];

/** Everything in our schemas, in an order of its own: equal texts mean equal schemas, on any server from 15 on. */
export async function describeSchema(client: Pick<pg.ClientBase, 'query'>): Promise<string> {
  const parts: string[] = [];
  for (const query of PARTS) {
    const { rows } = await client.query<{ line: string }>(query);
    parts.push(rows.map(({ line }) => `${line.trimEnd()}\n`).join(''));
  }
  return parts.filter((part) => part !== '').join('\n');
}
