export const routesMessages = {
  routes: {
    title: 'What happens to a request',
    note: 'for {{host}}; the first rule that matches takes it',
    findings: 'Findings',
    findingsNote: 'configuration that does not do what it says',
  },
  rules: {
    label: 'Rules',
    none: 'No rule applies: the mesh spreads all requests evenly over the pods of the service.',
    title: 'Rule {{number}}',
    titleWithName: 'Rule {{number}}: {{name}}',
    or: 'or',
    treatment: 'Treatment',
    takes: 'takes your request',
    skipped: 'skipped: {{why}}',
    notReached: 'not reached',
    showYaml: 'Show YAML of rule {{number}}',
  },
  destination: {
    of: 'of {{service}}',
    port: ', port {{port}}',
    errors: '{{share}} errors',
    refused: 'Answered {{status}}: {{why}}.',
    'no-such-service':
      'There is no such service: these requests fail with 503.',
    'no-such-subset':
      'No DestinationRule defines this subset: these requests fail with 503.',
    'no-pods': 'No pod is behind this: these requests fail with 503.',
  },
  tryRequest: {
    title: 'Try a request',
    note: 'worked out from the configuration; nothing is sent',
    headers: 'Headers',
    fromNamespace: 'From namespace',
    ask: 'Which rule?',
    failed: 'No answer to this request',
    rule: 'Rule {{number}}.',
  },
  around: {
    title: 'Around this service',
    protection: 'Protection',
    noProtection:
      'None: no limit on connections, and failing pods are not ejected.',
    place: 'Place',
    waysIn: 'Exposed through',
    noWaysIn: 'No gateway leads here: only callers inside the mesh reach it.',
    callers: 'Callers',
    noCallers: 'None seen in this time window.',
    seen_one: '{{count, number}} caller seen: {{names}}',
    seen_other: '{{count, number}} callers seen: {{names}}',
    objects: 'Objects',
    noObjects: 'None',
  },
  protection: {
    unknown:
      'How often it acts is not known: the callers’ proxies do not expose envoy_cluster_outlier_detection_* and envoy_cluster_upstream_rq_*. Name them in proxyStatsMatcher.inclusionPrefixes.',
    ejected_one: '{{count, number}} pod ejected now',
    ejected_other: '{{count, number}} pods ejected now',
    noneEjected: 'no pod ejected now',
    turnedAway: '{{rate}} turned away: the queue is full',
    noneTurnedAway: 'no request turned away now',
  },
} as const;
