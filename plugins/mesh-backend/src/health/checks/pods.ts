import type { Check } from '../Health';

/** Nobody is there to answer. */
export const noPods: Check = ({ config, service }) =>
  config.workloads.length === 0
    ? [
        {
          harm: 'fails',
          level: 'error',
          sentence: `No pod stands behind Service ${service}: every request fails with 503.`,
          tab: 'overview',
          share: 1,
        },
      ]
    : [];

/** What has no proxy takes no part. */
export const outsideTheMesh: Check = ({ config }) =>
  config.workloads.length > 0 && !config.inMesh
    ? [
        {
          harm: 'open',
          level: 'warning',
          sentence:
            'Not in the mesh: its pods have no proxy, so no policy has an effect here, every call is plaintext, and nothing is measured.',
          tab: 'security',
        },
      ]
    : [];

export const podsWithoutProxy: Check = ({ config }) => {
  const open = config.openPorts.find(({ ofSomePods }) => ofSomePods);
  return open
    ? [
        {
          harm: 'open',
          level: 'warning',
          sentence: `Some pods of ${open.workload} have no proxy: plaintext gets in there although a policy says STRICT.`,
          tab: 'security',
        },
      ]
    : [];
};
