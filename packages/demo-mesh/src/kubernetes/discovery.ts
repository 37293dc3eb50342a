import { apiVersionOf, resourceTypes, type ResourceType } from './resources';

const VERBS = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

/** The groups whose kinds aren't stored: reviews and scales. */
const VIRTUAL_GROUPS = [{ name: 'authorization.k8s.io', versions: ['v1'] }];

export const versionInfo = {
  major: '1',
  minor: '33',
  gitVersion: 'v1.33.0+meshdeck-demo',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'demo',
};

export const apiVersions = {
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [],
};

/** The versions of a group; those of its best-kept kind first. */
function versionsOf(group: string): string[] {
  const kinds = resourceTypes.filter(type => type.group === group);
  const virtual = VIRTUAL_GROUPS.find(({ name }) => name === group);
  return [
    ...new Set([
      ...kinds.flatMap(type => type.versions).sort(byStability),
      ...(virtual?.versions ?? []),
    ]),
  ];
}

function byStability(a: string, b: string): number {
  const rank = (version: string) => {
    const [, major, level = '', minor = '0'] =
      /^v(\d+)(alpha|beta)?(\d+)?$/.exec(version) ?? [];
    const stability = { '': 2, beta: 1, alpha: 0 }[level] ?? 0;
    return stability * 10_000 + Number(major) * 100 + Number(minor);
  };
  return rank(b) - rank(a);
}

function apiGroup(name: string): object {
  const versions = versionsOf(name).map(version => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] };
}

export function groupList(): object {
  const names = new Set([
    ...resourceTypes.map(type => type.group),
    ...VIRTUAL_GROUPS.map(group => group.name),
  ]);
  names.delete('');
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [...names].map(apiGroup),
  };
}

export function groupDocument(name: string): object | undefined {
  if (name === '' || versionsOf(name).length === 0) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(name) };
}

function resourceEntries(type: ResourceType): object[] {
  const { plural, singular, kind, namespaced } = type;
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: VERBS,
    ...(type.shortNames ? { shortNames: type.shortNames } : {}),
    ...(type.categories ? { categories: type.categories } : {}),
  };
  const part = {
    singularName: '',
    namespaced,
    verbs: ['get', 'patch', 'update'],
  };
  return [
    main,
    ...(type.status ? [{ ...part, name: `${plural}/status`, kind }] : []),
    ...(type.scale
      ? [
          {
            ...part,
            name: `${plural}/scale`,
            group: 'autoscaling',
            version: 'v1',
            kind: 'Scale',
          },
        ]
      : []),
  ];
}

export function resourceList(
  group: string,
  version: string,
): object | undefined {
  if (!versionsOf(group).includes(version)) return undefined;
  const groupVersion = group ? `${group}/${version}` : version;
  const stored = resourceTypes
    .filter(
      type => type.group === group && servedAs(type).includes(groupVersion),
    )
    .flatMap(resourceEntries);
  const reviews =
    group === 'authorization.k8s.io'
      ? [
          {
            name: 'selfsubjectaccessreviews',
            singularName: '',
            namespaced: false,
            kind: 'SelfSubjectAccessReview',
            verbs: ['create'],
          },
        ]
      : [];
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: [...stored, ...reviews],
  };
}

function servedAs(type: ResourceType): string[] {
  return type.versions.map(version => apiVersionOf(type, version));
}
