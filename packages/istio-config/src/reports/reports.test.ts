import { deployment } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { ACCESS } from './__testUtils__/access';
import { CLIENTS } from './__testUtils__/clients';
import { GATEWAYS } from './__testUtils__/gateways';
import { INJECTION } from './__testUtils__/injection';
import { ROUTING } from './__testUtils__/routing';
import { VALIDATION } from './__testUtils__/validation';

const MATTERS = { ROUTING, GATEWAYS, CLIENTS, ACCESS, INJECTION, VALIDATION };
const CALLERS = [
  deployment('client', { namespace: 'nova' }),
  deployment('client', { namespace: 'outside' }),
].join('\n');
/** Those of the list that are kept to be tried on us have no row. */
const REPORTED = 104;

describe.each(Object.entries(MATTERS))('reported: %s', (_, reports) => {
  it.each(reports)('$name', ({ objects, ask, answer }) => {
    expect(ask(setFromYaml(`${CALLERS}\n${objects}`), objects)).toEqual(answer);
  });
});

it(`has an answer to each of ${REPORTED} reports`, () => {
  const numbers = Object.values(MATTERS)
    .flat()
    .flatMap(({ report }) => report ?? []);
  expect(new Set(numbers).size).toBe(REPORTED);
});
