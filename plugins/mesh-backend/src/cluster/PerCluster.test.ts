import { PerCluster } from './PerCluster';

it('forgets what belongs to a cluster that left, and nothing else', () => {
  const known = new Set(['a', 'b']);
  let tell = (_cluster: string) => {};
  const values = PerCluster.create<object>({
    has: cluster => known.has(cluster),
    onChange: listener => {
      tell = listener;
    },
  });
  const [a, b] = ['a', 'b'].map(name =>
    values.getOrMake(name, () => ({ name })),
  );
  tell('a');
  expect(values.getOrMake('a', () => ({}))).toBe(a);
  for (let at = 0; at < 1000; at++) {
    known.add(`preview-${at}`);
    values.set(`preview-${at}`, {});
    known.delete(`preview-${at}`);
    tell(`preview-${at}`);
  }
  known.delete('a');
  tell('a');
  expect(values.get('a')).toBeUndefined();
  expect(values.get('b')).toBe(b);
  expect(values.size).toBe(1);
});
