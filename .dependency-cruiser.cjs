const { readdirSync } = require('fs');
const { join } = require('path');

/**
 * The folders of the back end from the bottom up. A folder imports only what its line names, and a line names only folders
 * above it. Tests and what they are staged with import anything, as long as it leads in no circle.
 */
const BACKEND = {
  eventLoop: [],
  config: [],
  sources: ['config'],
  meters: ['sources'],
  cluster: ['sources'],
  metrics: ['sources'],
  facts: ['metrics'],
  placements: ['cluster', 'sources'],
  access: ['eventLoop', 'placements'],
  ownership: ['access', 'placements'],
  rollouts: ['facts'],
  views: ['cluster', 'meters', 'sources'],
  database: [],
  durable: ['database'],
  memory: ['database', 'durable'],
  pullRequests: ['config', 'eventLoop', 'sources'],
  changes: [
    'cluster',
    'durable',
    'facts',
    'memory',
    'metrics',
    'placements',
    'pullRequests',
    'rollouts',
  ],
  health: ['cluster', 'facts', 'metrics', 'rollouts', 'sources'],
  overview: [
    'cluster',
    'eventLoop',
    'facts',
    'health',
    'metrics',
    'rollouts',
    'sources',
  ],
  routes: ['cluster', 'eventLoop', 'facts', 'health', 'metrics', 'sources'],
  security: ['cluster', 'facts', 'health', 'metrics', 'ownership', 'sources'],
  traces: ['cluster', 'config', 'facts', 'health', 'sources'],
  topology: [
    'access',
    'cluster',
    'facts',
    'health',
    'metrics',
    'ownership',
    'placements',
    'sources',
  ],
  canary: [
    'access',
    'changes',
    'cluster',
    'facts',
    'health',
    'metrics',
    'rollouts',
    'sources',
  ],
  opinion: ['cluster', 'sources'],
  certificates: ['cluster', 'sources'],
  fleet: [
    'access',
    'certificates',
    'cluster',
    'eventLoop',
    'facts',
    'health',
    'memory',
    'metrics',
    'ownership',
    'placements',
    'rollouts',
    'sources',
  ],
  signals: ['cluster', 'eventLoop', 'facts', 'rollouts'],
  onboarding: [
    'access',
    'changes',
    'cluster',
    'facts',
    'memory',
    'placements',
    'sources',
  ],
  sourceChecks: ['cluster', 'config', 'sources'],
  placementViews: [
    'access',
    'canary',
    'cluster',
    'opinion',
    'overview',
    'routes',
    'security',
    'topology',
    'traces',
    'views',
  ],
};

/** HTTP stands at one edge, assistants at the other; what they share is how a request is read. */
const EDGES = {
  http: Object.keys(BACKEND),
  actions: [...Object.keys(BACKEND), 'http'],
};

/** The front end's folders that every feature may import, from the bottom up. */
const SHARED_IN_FRONT_END = ['translations', 'view', 'changes'];

/** Features of the front end that show a part of another one: `feature: [others]`. */
const FEATURES_SHOWN_IN = {
  fleet: ['certificates'],
  security: ['certificates'],
};

/** What of the workspace a package may import in what it ships. */
const PACKAGES = {
  'packages/istio-config': [],
  'plugins/mesh-common': [],
  'plugins/mesh-node': [],
  'packages/demo-mesh': ['packages/istio-config'],
  'plugins/mesh': ['plugins/mesh-common'],
  'plugins/mesh-backend': [
    'packages/istio-config',
    'plugins/mesh-common',
    'plugins/mesh-node',
  ],
  'plugins/catalog-backend-module-mesh': ['plugins/mesh-common'],
  'plugins/scaffolder-backend-module-mesh': [
    'packages/istio-config',
    'plugins/mesh-common',
  ],
  'packages/app': ['plugins/mesh'],
  'packages/backend': [
    'plugins/mesh-common',
    'plugins/mesh-backend',
    'plugins/catalog-backend-module-mesh',
    'plugins/scaffolder-backend-module-mesh',
  ],
  'tools/real-mesh': ['packages/istio-config', 'packages/demo-mesh'],
};

/** What a package may take from npm and Node, where that is a promise. */
const OUTSIDE = {
  // Pure: no HTTP, no files, no clock of its own, no framework. Only its command line reads files.
  'packages/istio-config': ['ipaddr\\.js', 're2js', 'yaml', 'util'],
  // Runs in browsers, too.
  'plugins/mesh-common': [
    '@backstage/(catalog-model|errors|plugin-catalog-common|plugin-permission-common)',
  ],
  'plugins/mesh-node': ['@backstage/backend-plugin-api'],
};

const BACKEND_SRC = 'plugins/mesh-backend/src';
const FRONTEND_SRC = 'plugins/mesh/src';
const TESTS = '(\\.test\\.tsx?$|/__(testUtils|fixtures)__/|/setupTests\\.ts$)';

const anyOf = names => `(?:${names.join('|')})`;
const error = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from,
  to,
});

/** A table that names what is not above it, or leaves a folder out, would allow what nobody decided. */
function checkTables() {
  const layers = { ...BACKEND, ...EDGES };
  const above = new Set();
  for (const [folder, others] of Object.entries(layers)) {
    const wrong = others.find(other => !above.has(other));
    if (wrong) {
      throw new Error(`${folder} names ${wrong}, which is not above it`);
    }
    above.add(folder);
  }
  const unknown = readdirSync(join(__dirname, BACKEND_SRC)).find(
    name =>
      !/^__|\.ts$/.test(name) &&
      !above.has(name) &&
      readdirSync(join(__dirname, BACKEND_SRC, name)).length > 0,
  );
  if (unknown) {
    throw new Error(
      `${BACKEND_SRC}/${unknown} has no layer: name it in .dependency-cruiser.cjs`,
    );
  }
}

checkTables();

const backendLayers = Object.entries({ ...BACKEND, ...EDGES }).map(
  ([folder, others]) =>
    error(
      `backend-${folder}`,
      `${folder}/ imports ${others.join(', ') || 'no other folder'} only.`,
      { path: `^${BACKEND_SRC}/${folder}/`, pathNot: TESTS },
      {
        path: `^${BACKEND_SRC}/`,
        pathNot: `^${BACKEND_SRC}/${anyOf([folder, ...others])}/`,
      },
    ),
);

const backendRules = [
  error(
    'backend-http-at-one-edge',
    'Express is known in http/ alone.',
    {
      path: `^${BACKEND_SRC}/`,
      pathNot: [TESTS, `^${BACKEND_SRC}/http/`],
    },
    { path: 'node_modules/(@types/)?express' },
  ),
  error(
    'backend-views-read-what-they-are-handed',
    'A view reads clusters through the reader that it is handed, so that the cache knows what it rests on. The history of weights is no view.',
    {
      path: `^${BACKEND_SRC}/(overview|routes|security|traces|topology|canary|opinion|placementViews)/`,
      pathNot: [TESTS, `^${BACKEND_SRC}/canary/WeightHistory\\.ts$`],
    },
    { path: `^${BACKEND_SRC}/cluster/ClusterStores\\.ts$` },
  ),
  error(
    'backend-sources-know-no-adapter',
    'What all sources share knows none of them; Sources.ts makes them.',
    {
      path: `^${BACKEND_SRC}/sources/[^/]+$`,
      pathNot: [TESTS, `^${BACKEND_SRC}/sources/Sources\\.ts$`],
    },
    { path: `^${BACKEND_SRC}/sources/([^/]+/|Sources\\.ts$)` },
  ),
  error(
    'backend-adapters-apart',
    'An adapter knows what all sources share, and no other adapter.',
    { path: `^${BACKEND_SRC}/sources/([^/]+)/`, pathNot: TESTS },
    {
      path: `^${BACKEND_SRC}/sources/([^/]+/|Sources\\.ts$)`,
      pathNot: `^${BACKEND_SRC}/sources/$1/`,
    },
  ),
];

const frontendRules = [
  error(
    'frontend-view-imports-no-feature',
    'view/ is what all features share: it knows none of them, nor how something is changed.',
    { path: `^${FRONTEND_SRC}/view/`, pathNot: TESTS },
    { path: `^${FRONTEND_SRC}/(?!(view|translations)/)[^/]+/` },
  ),
  error(
    'frontend-changes-import-no-feature',
    'changes/ is shared by the features that change something.',
    { path: `^${FRONTEND_SRC}/changes/`, pathNot: TESTS },
    { path: `^${FRONTEND_SRC}/(?!${anyOf(SHARED_IN_FRONT_END)}/)[^/]+/` },
  ),
  error(
    'frontend-translations-import-nothing',
    'Words know nothing of who shows them.',
    { path: `^${FRONTEND_SRC}/translations/`, pathNot: TESTS },
    { path: `^${FRONTEND_SRC}/(?!translations/)[^/]+/` },
  ),
  error(
    'frontend-features-apart',
    'A feature imports what all share, and another feature only where FEATURES_SHOWN_IN says so.',
    {
      path: `^${FRONTEND_SRC}/(?!${anyOf([
        ...SHARED_IN_FRONT_END,
        ...Object.keys(FEATURES_SHOWN_IN),
      ])}/)([^/]+)/`,
      pathNot: TESTS,
    },
    {
      path: `^${FRONTEND_SRC}/[^/]+/`,
      pathNot: `^${FRONTEND_SRC}/(?:$1|${SHARED_IN_FRONT_END.join('|')})/`,
    },
  ),
  ...Object.entries(FEATURES_SHOWN_IN).map(([feature, others]) =>
    error(
      `frontend-${feature}`,
      `${feature}/ imports what all share and ${others.join(', ')}.`,
      { path: `^${FRONTEND_SRC}/${feature}/`, pathNot: TESTS },
      {
        path: `^${FRONTEND_SRC}/[^/]+/`,
        pathNot: `^${FRONTEND_SRC}/${anyOf([
          feature,
          ...others,
          ...SHARED_IN_FRONT_END,
        ])}/`,
      },
    ),
  ),
  error(
    'frontend-nobody-imports-the-plugin',
    'The plugin imports the features, never the other way round.',
    { path: `^${FRONTEND_SRC}/[^/]+/`, pathNot: TESTS },
    { path: `^${FRONTEND_SRC}/(plugin|legacyPlugin|legacy|index)\\.tsx?$` },
  ),
];

const packageRules = Object.entries(PACKAGES).map(([own, others]) =>
  error(
    `package-${own.split('/')[1]}`,
    `${own} imports ${
      others.join(', ') || 'no other package of this workspace'
    }.`,
    { path: `^${own}/src/`, pathNot: TESTS },
    {
      path: '^(packages|plugins|tools|benchmarks)/',
      pathNot: `^${anyOf([own, ...others])}/`,
    },
  ),
);

const outsideRules = Object.entries(OUTSIDE).map(([own, names]) =>
  error(
    `outside-${own.split('/')[1]}`,
    `${own} takes ${names.join(', ')} from outside, and nothing else.`,
    { path: `^${own}/src/`, pathNot: [TESTS, '/src/cli/'] },
    {
      dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'core', 'unknown'],
      pathNot: [
        '^(packages|plugins)/',
        `^(node_modules/)?${anyOf(names)}(/|$)`,
      ],
    },
  ),
);

module.exports = {
  forbidden: [
    error(
      'no-circle',
      'Two files that import each other, by whatever way, cannot be read one after the other.',
      {},
      { circular: true },
    ),
    error(
      'backend-nobody-imports-the-root',
      'plugin.ts and assembleMesh.ts import the folders, never the other way round.',
      { path: `^${BACKEND_SRC}/[^/]+/`, pathNot: TESTS },
      { path: `^${BACKEND_SRC}/[^/]+$` },
    ),
    error(
      'common-views-import-views-only',
      'The types of the views stand for themselves.',
      { path: '^plugins/mesh-common/src/views/' },
      { path: '^plugins/mesh-common/src/[^/]+$' },
    ),
    error(
      'tests-stay-tests',
      'What ships imports neither a test nor what tests are staged with.',
      { path: '/src/', pathNot: [TESTS, '^benchmarks/'] },
      { path: TESTS },
    ),
    ...backendLayers,
    ...backendRules,
    ...frontendRules,
    ...packageRules,
    ...outsideRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|dist-types|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
      extensions: ['.ts', '.tsx', '.cjs', '.js', '.json'],
    },
  },
};
