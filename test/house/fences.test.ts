import { expect, test } from 'vitest';
import { check, type Planted, plant } from './planted.js';

/** Rules that were broken, each with the file that breaks it. */
async function broken(files: Planted): Promise<Set<string>> {
  const folder = await plant(files);
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src'];
  const { output } = await check(folder, 'depcruise', args);
  const { summary } = JSON.parse(output) as {
    summary: { violations: { rule: { name: string }; from: string }[] };
  };
  return new Set(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`));
}

const domain = { 'src/domain/fact.ts': 'export const fact = 1;\nexport type Fact = 1;' };

test('what each folder may import passes', async () => {
  const violations = await broken({
    ...domain,
    'src/domain/digest.ts':
      "import { sha256 } from '@noble/hashes/sha2.js';\nimport canonicalize from 'canonicalize';\nexport const digest = [sha256, canonicalize];",
    'src/contracts/form.ts':
      "import { z } from 'zod';\nimport { fact } from '../domain/fact.js';\nexport const form = z.literal(fact);",
    'src/contracts/yaml.ts':
      "import { parse } from 'yaml';\nimport 'temporal-polyfill';\nexport const read = parse;",
    'src/ports/target.ts':
      "import type { Fact } from '../domain/fact.js';\nexport interface Target { fact: Fact }",
    'src/activities/types.ts':
      "import type { Target } from '../ports/target.js';\nexport type Acts = Target;",
    'src/activities/act.ts':
      "import { Context } from '@temporalio/activity';\nimport { ApplicationFailure } from '@temporalio/common';\nexport const act = [Context, ApplicationFailure];",
    'src/workflows/messages.ts':
      "import { defineSignal } from '@temporalio/workflow';\nimport type { Acts } from '../activities/types.js';\nimport type { Target } from '../ports/target.js';\nimport { form } from '../contracts/form.js';\nexport type Both = Acts & Target;\nexport const signal = [defineSignal, form];",
    'src/adapters/system-error.ts':
      "import { readFile } from 'node:fs/promises';\nimport express from 'express';\nimport type { Target } from '../ports/target.js';\nexport const target: Target | unknown = [readFile, express];",
    'src/ledger/journal.ts':
      "import { target } from '../adapters/system-error.js';\nexport const journal = target;",
    'src/identity/tokens.ts':
      "import { jwtVerify } from 'jose';\nimport { form } from '../contracts/form.js';\nimport type { Target } from '../ports/target.js';\nexport const tokens: Target | unknown = [jwtVerify, form];",
    'src/api/routes.ts':
      "import { signal } from '../workflows/messages.js';\nimport type { Request } from 'express';\nexport const route = (request: Request) => [signal, request];",
    'src/cli/verbs.ts':
      "import { Command } from 'commander';\nimport type { Fact } from '../domain/fact.js';\nexport const verb = (fact: Fact) => [Command, fact];",
    'src/guard-client/client.ts':
      "import type { form } from '../contracts/guard.js';\nimport { randomUUID } from 'node:crypto';\nexport const client = randomUUID as unknown as typeof form;",
    'src/contracts/guard.ts': 'export const form = 1;',
    'src/main/up.ts':
      "import { journal } from '../ledger/journal.js';\nimport { route } from '../api/routes.js';\nexport const up = [journal, route];",
  });
  expect([...violations]).toEqual([]);
});

test('every import across a fence is refused', async () => {
  const others = {
    ...domain,
    'src/contracts/form.ts': 'export const form = 1;',
    'src/contracts/guard.ts': 'export const guard = 1;',
    'src/ports/port.ts': 'export const port = 1;',
    'src/workflows/messages.ts': 'export const messages = 1;',
    'src/workflows/lifecycle.ts': 'export const lifecycle = 1;',
    'src/activities/types.ts': 'export const types = 1;',
    'src/adapters/json-lines.ts': 'export const lines = 1;',
    'src/adapters/people-file.ts': 'export const people = 1;',
    'src/ledger/journal.ts': 'export const journal = 1;',
    'src/ledger/anchors/seal.ts': 'export const seal = 1;',
    'src/identity/tokens.ts': 'export const tokens = 1;',
    'src/api/routes.ts': 'export const routes = 1;',
    'src/main/environment.ts': 'export const environment = 1;',
    'test/support.ts': 'export const support = 1;',
  };
  const crossings: [rule: string, file: string, imported: string][] = [
    ['domain-imports', 'src/domain/a.ts', '../contracts/form.js'],
    ['domain-imports', 'src/domain/b.ts', '../ports/port.js'],
    ['domain-imports', 'src/domain/c.ts', '@temporalio/common'],
    ['domain-imports', 'src/domain/d.ts', 'zod'],
    ['domain-imports', 'src/domain/e.ts', 'node:crypto'],
    ['contracts-imports', 'src/contracts/a.ts', '../ports/port.js'],
    ['contracts-imports', 'src/contracts/b.ts', '../workflows/messages.js'],
    ['contracts-imports', 'src/contracts/c.ts', 'node:fs'],
    ['ports-imports', 'src/ports/a.ts', '../contracts/form.js'],
    ['ports-imports-values', 'src/ports/b.ts', '../domain/fact.js'],
    ['workflows-imports', 'src/workflows/a.ts', '../adapters/people-file.js'],
    ['workflows-imports', 'src/workflows/b.ts', '@temporalio/client'],
    ['workflows-imports', 'src/workflows/c.ts', 'node:path'],
    ['workflows-imports-values', 'src/workflows/d.ts', '../activities/types.js'],
    ['workflows-imports-values', 'src/workflows/e.ts', '../ports/port.js'],
    ['activities-imports', 'src/activities/a.ts', '../contracts/form.js'],
    ['activities-imports', 'src/activities/b.ts', '../adapters/people-file.js'],
    ['activities-imports', 'src/activities/c.ts', '../workflows/lifecycle.js'],
    ['activities-imports', 'src/activities/d.ts', 'node:fs'],
    ['activities-imports-values', 'src/activities/e.ts', '../ledger/anchors/seal.js'],
    ['adapters-imports', 'src/adapters/a.ts', '../ledger/journal.js'],
    ['adapters-imports', 'src/adapters/b.ts', '../activities/types.js'],
    ['adapters-imports', 'src/adapters/c.ts', '@temporalio/client'],
    ['ledger-imports', 'src/ledger/a.ts', '../adapters/people-file.js'],
    ['ledger-imports', 'src/ledger/b.ts', '../contracts/form.js'],
    ['identity-imports', 'src/identity/a.ts', '../ledger/journal.js'],
    ['identity-imports', 'src/identity/b.ts', '../api/routes.js'],
    ['identity-imports', 'src/identity/c.ts', 'express'],
    ['api-imports', 'src/api/g.ts', '../identity/tokens.js'],
    ['cli-imports', 'src/cli/e.ts', '../identity/tokens.js'],
    ['api-imports', 'src/api/a.ts', '../workflows/lifecycle.js'],
    ['api-imports', 'src/api/b.ts', '../adapters/people-file.js'],
    ['api-imports', 'src/api/c.ts', '../activities/types.js'],
    ['api-imports', 'src/api/d.ts', '@temporalio/worker'],
    ['cli-imports', 'src/cli/a.ts', '../api/routes.js'],
    ['cli-imports-values', 'src/cli/b.ts', '../domain/fact.js'],
    ['cli-imports', 'src/cli/c.ts', '@temporalio/client'],
    ['guard-client-imports', 'src/guard-client/a.ts', '../api/routes.js'],
    ['guard-client-imports', 'src/guard-client/b.ts', 'zod'],
    ['guard-client-imports-values', 'src/guard-client/c.ts', '../contracts/guard.js'],
    ['main-is-last', 'src/api/e.ts', '../main/environment.js'],
    ['main-is-last', 'src/cli/d.ts', '../main/environment.js'],
    ['source-is-shipped', 'src/main/a.ts', '../../test/support.js'],
    ['only-runtime-packages', 'src/main/b.ts', 'fast-check'],
    ['resolvable', 'src/main/c.ts', './nowhere.js'],
  ];
  const planted = crossings.map(([, file, imported]) => [
    file,
    `import * as there from '${imported}';\nexport const here = there;`,
  ]);
  const violations = await broken({ ...others, ...Object.fromEntries(planted) });
  const missed = crossings.map(([rule, file]) => `${rule}: ${file}`).filter((one) => !violations.has(one));
  expect(missed).toEqual([]);
});

test('a new folder, a cycle, and a heavy package reached through contracts are refused', async () => {
  const violations = await broken({
    ...domain,
    'src/helpers/everything.ts': "import { fact } from '../domain/fact.js';\nexport const everything = fact;",
    'src/domain/chicken.ts': "import type { Egg } from './egg.js';\nexport type Chicken = Egg;",
    'src/domain/egg.ts': "import type { Chicken } from './chicken.js';\nexport type Egg = Chicken | null;",
    'src/contracts/zones.ts': "import 'temporal-polyfill';\nexport const zones = 1;",
    'src/contracts/files.ts': "import { parse } from 'yaml';\nexport const files = parse;",
    'src/workflows/zoned.ts': "import { zones } from '../contracts/zones.js';\nexport const zoned = zones;",
    'src/workflows/filed.ts': "import { files } from '../contracts/files.js';\nexport const filed = files;",
  });
  for (const expected of [
    'known-folders: src/helpers/everything.ts',
    'no-cycles: src/domain/chicken.ts',
    'sandbox-stays-light: src/workflows/zoned.ts',
    'sandbox-stays-light: src/workflows/filed.ts',
  ]) {
    expect(violations).toContain(expected);
  }
});
