import { imageVersion, skewOf } from './proxyVersions';

describe('versions', () => {
  it.each([
    ['docker.io/istio/proxyv2:1.29.2', '1.29.2'],
    ['registry:5000/istio/proxyv2:1.29.2-distroless', '1.29.2'],
    ['istio/proxyv2:1.29.2@sha256:abc', '1.29.2'],
    ['registry:5000/istio/proxyv2', undefined],
    ['istio/proxyv2@sha256:abc', undefined],
    [undefined, undefined],
  ])('reads %s as %s', (image, version) => {
    expect(imageVersion(image)).toBe(version);
  });

  it.each([
    ['1.29.2', ['1.29.2'], 'none'],
    ['1.29.0', ['1.29.2'], 'allowed'],
    ['1.28.3', ['1.29.2'], 'allowed'],
    ['1.27.3', ['1.29.2'], 'behind'],
    ['1.30.0', ['1.29.2'], 'ahead'],
    ['1.28.0', ['1.29.2', '1.30.0'], 'allowed'],
    ['latest', ['1.29.2'], 'unknown'],
    ['1.29.2', [], 'unknown'],
  ])('%s beside %j is %s', (version, istiod, skew) => {
    expect(skewOf(version, istiod)).toBe(skew);
  });
});
