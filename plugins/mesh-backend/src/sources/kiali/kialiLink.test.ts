import { kialiLink } from './kialiLink';

describe('kialiLink', () => {
  it('leads to the page and the graph that a person can open', () => {
    expect(
      kialiLink(
        { publicUrl: 'https://kiali.example.com/kiali', clusterName: 'a&b' },
        { namespace: 'or/ion', service: 'a?b' },
      ),
    ).toEqual({
      details:
        'https://kiali.example.com/kiali/console/namespaces/or%2Fion/services/a%3Fb?clusterName=a%26b',
      graph:
        'https://kiali.example.com/kiali/console/graph/node/namespaces/or%2Fion/services/a%3Fb?clusterName=a%26b&graphType=versionedApp&duration=900&injectServiceNodes=true',
    });
  });
});
