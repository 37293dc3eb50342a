import { createBusyMeter } from './busyMeter';

const nextTurn = () => new Promise(resolve => setImmediate(resolve));

async function work(ms: number) {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    // At work.
  }
  await nextTurn();
}

it('tells at each call whether the process has worked or waited since the one before', async () => {
  await nextTurn();
  const isBusy = createBusyMeter();
  await work(200);
  expect(isBusy()).toBe(true);
  await new Promise(resolve => setTimeout(resolve, 300));
  expect(isBusy()).toBe(false);
  await work(200);
  expect(isBusy()).toBe(true);
});
