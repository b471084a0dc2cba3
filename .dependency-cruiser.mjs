/**
 * Who may import whom. A folder imports its own files and what its row names; everything else is refused,
 * so a new folder or package is a decision that shows in this file. `types` may be imported as types only.
 * `test/house/fences.test.ts` plants a violation of every row and of every rule below.
 */

/** @type {Record<string, {src?: string[], types?: string[], packages?: string[], node?: boolean}>} */
export const FOLDERS = {
  domain: { packages: ['@noble/hashes', 'canonicalize'] },
  contracts: {
    src: ['domain'],
    packages: ['@noble/curves', '@noble/hashes', 'temporal-polyfill', 'yaml', 'zod'],
  },
  ports: { types: ['contracts/proof', 'domain', 'ledger/verify/checkpoint'] },
  workflows: {
    src: ['contracts', 'domain'],
    types: ['activities/types', 'ports'],
    packages: ['@temporalio/common', '@temporalio/workflow'],
  },
  activities: {
    src: ['contracts/proof', 'domain', 'ledger/reconcile', 'ports', 'workflows/messages'],
    types: ['ledger/anchors'],
    packages: ['@temporalio/activity', '@temporalio/client', '@temporalio/common', '@temporalio/proto'],
  },
  adapters: {
    src: ['contracts', 'domain', 'ports'],
    packages: ['express', 'nodemailer', 'pino', 'standardwebhooks', 'zod'],
    node: true,
  },
  ledger: {
    src: [
      'adapters/json-lines',
      'adapters/line-file',
      'adapters/system-error',
      'contracts/envelope',
      'contracts/identities',
      'contracts/proof',
      'domain',
      'ports',
    ],
    packages: ['kysely', 'pg', 'pino', 'zod'],
    node: true,
  },
  identity: { src: ['contracts', 'domain', 'ports'], packages: ['jose', 'pg', 'pino', 'zod'], node: true },
  api: {
    src: ['contracts', 'domain', 'ports', 'workflows/messages'],
    packages: [
      '@temporalio/client',
      '@temporalio/common',
      'express',
      'helmet',
      'pino',
      'pino-http',
      'prom-client',
      'swagger-ui-dist',
      'zod',
      'zod-openapi',
    ],
    node: true,
  },
  signing: {
    src: ['contracts/proof', 'domain', 'ledger/anchors/private-keys', 'ledger/verify/checkpoint', 'ports'],
    node: true,
  },
  // Whoever uses it runs nothing else of ours.
  'guard-client': { types: ['contracts/guard'], node: true },
  cli: { src: ['contracts'], types: ['domain'], packages: ['commander', 'yaml', 'zod'], node: true },
};

const inSource = (place) => `^src/${place}(/|\\.[a-z]+$)`;
const inPackage = (name) => `(^|/)node_modules/(@types/)?${name}/`;
const TYPES_ONLY = ['type-only', 'type-import'];

function fence([folder, { src = [], types = [], packages = [], node = false }]) {
  const values = [folder, ...src].map(inSource).concat(packages.map(inPackage));
  const asTypes = values.concat(types.map(inSource));
  const core = node ? { dependencyTypesNot: ['core'] } : {};
  return [
    {
      name: `${folder}-imports`,
      comment: `src/${folder} imports only what .dependency-cruiser.mjs lists for it.`,
      severity: 'error',
      from: { path: inSource(folder) },
      to: { pathNot: asTypes, ...core },
    },
    {
      name: `${folder}-imports-values`,
      comment: `src/${folder} may import ${types.join(', ') || 'this'} only with \`import type\`.`,
      severity: 'error',
      from: { path: inSource(folder) },
      to: { path: types.map(inSource), dependencyTypesNot: TYPES_ONLY },
    },
  ].filter(({ to }) => to.path?.length !== 0);
}

export default {
  forbidden: [
    ...Object.entries(FOLDERS).flatMap(fence),
    {
      name: 'known-folders',
      comment: 'A folder of src has a row in .dependency-cruiser.mjs, or is main.',
      severity: 'error',
      from: { path: '^src/', pathNot: [...Object.keys(FOLDERS), 'main'].map(inSource) },
      to: {},
    },
    {
      name: 'sandbox-stays-light',
      comment: 'What workflows reach, however indirectly, runs in the sandbox: neither YAML, zones nor Node.',
      severity: 'error',
      from: { path: inSource('workflows') },
      to: {
        reachable: true,
        path: [inPackage('yaml'), inPackage('temporal-polyfill'), '^(node:|fs|path|crypto)'],
      },
    },
    {
      name: 'main-is-last',
      comment: 'src/main composes everything; nothing in src depends on how it is composed.',
      severity: 'error',
      from: { path: '^src/', pathNot: inSource('main') },
      to: { path: inSource('main') },
    },
    {
      name: 'source-is-shipped',
      comment:
        'src imports neither tests, benchmarks, fault suites, scripts nor packages that only development installs.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|faults|scripts)/' },
    },
    {
      name: 'only-runtime-packages',
      comment: 'What src runs with is a dependency, not a development dependency.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: TYPES_ONLY },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|dist\\..*|\\.airworthy|temporal)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
