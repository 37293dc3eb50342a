import { createBusyMeter } from './busyMeter';

const nextTick = () => new Promise(resolve => setImmediate(resolve));

async function work(ms: number) {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    // At work.
  }
  await nextTick();
}

it('tells at each call whether the process has worked or waited since the one before', async () => {
  await nextTick();
  const isBusy = createBusyMeter();
  await work(200);
  expect(isBusy()).toBe(true);
  await new Promise(resolve => setTimeout(resolve, 300));
  expect(isBusy()).toBe(false);
  await work(200);
  expect(isBusy()).toBe(true);
});
