const UNITS: ReadonlyMap<string, number> = new Map([
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
]);

/** The value of a Kubernetes quantity such as `100m`, `128Mi` or `1e3`; undefined where it is none. @public */
export function parseQuantity(text: unknown): number | undefined {
  const match =
    /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,3}))?$/.exec(
      ['string', 'number'].includes(typeof text) ? String(text) : '',
    );
  if (!match) {
    return undefined;
  }
  const [, amount, unit = '', exponent = '0'] = match;
  return Number(amount) * (UNITS.get(unit) ?? 1) * 10 ** Number(exponent);
}
