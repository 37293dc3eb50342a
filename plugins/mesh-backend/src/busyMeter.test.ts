import { createBusyMeter } from './busyMeter';

it('tells a process that works from one that waits', async () => {
  const isBusy = createBusyMeter();
  const nextTurn = () => new Promise(resolve => setImmediate(resolve));
  await nextTurn();
  isBusy();
  const end = performance.now() + 200;
  while (performance.now() < end) {
    // At work.
  }
  await nextTurn();
  expect(isBusy()).toBe(true);
  await new Promise(resolve => setTimeout(resolve, 300));
  expect(isBusy()).toBe(false);
});
