import { setFromYaml } from '../../setFromYaml';
import { routesBeside } from './routesBeside';

const route = (
  name: string,
  gateway: string,
  hosts = '',
  kind = 'HTTPRoute',
) => `
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { namespace: one, name: ${name} }
spec:
  parentRefs: [{ name: ${gateway}, namespace: edge }]
  hostnames: [${hosts}]
---`;

describe('routesBeside', () => {
  const set = setFromYaml(
    route('shop', 'public', 'shop.example.com') +
      route('same', 'public', 'other.org, shop.example.com') +
      route('wide', 'public', '"*.example.com"') +
      route('all', 'public', '', 'GRPCRoute') +
      route('shop', 'public', 'shop.example.com', 'GRPCRoute') +
      route('apart', 'public', 'shop.example.org') +
      route('elsewhere', 'internal', 'shop.example.com'),
  );
  const beside = (name: string) =>
    routesBeside(set, set.get('HTTPRoute', 'one', name)!)
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
      .sort();

  it('are those of a Gateway that have a host in common', () => {
    expect(beside('shop')).toEqual([
      'GRPCRoute all',
      'GRPCRoute shop',
      'HTTPRoute same',
      'HTTPRoute wide',
    ]);
    expect(beside('apart')).toEqual(['GRPCRoute all']);
    expect(beside('elsewhere')).toEqual([]);
  });
});
