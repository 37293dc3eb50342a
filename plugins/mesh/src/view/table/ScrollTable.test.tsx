import { act, screen } from '@testing-library/react';
import { renderInEnglish } from '../../__testUtils__/renderInEnglish';
import { ScrollTable } from './ScrollTable';

const HINT = 'Scroll sideways for more →';

/** What a browser would measure of the box. */
function measured(scrollWidth: number, clientWidth: number) {
  for (const [name, value] of Object.entries({ scrollWidth, clientWidth })) {
    jest
      .spyOn(HTMLElement.prototype, name as 'scrollWidth', 'get')
      .mockReturnValue(value);
  }
}

describe('ScrollTable', () => {
  const original = global.ResizeObserver;
  let resized: () => void = () => {};

  beforeEach(() => {
    global.ResizeObserver = class {
      constructor(tell: () => void) {
        resized = tell;
      }
      observe() {}
      unobserve() {}
      disconnect() {}
    } as unknown as typeof ResizeObserver;
  });

  afterEach(() => {
    global.ResizeObserver = original;
    jest.restoreAllMocks();
  });

  it.each([
    ['says that there is more to the side', 900, 300, 1],
    ['says nothing where all is there', 300, 300, 0],
  ])('%s', (_name, scrollWidth, clientWidth, times) => {
    measured(scrollWidth, clientWidth);
    renderInEnglish(
      <ScrollTable label="Callers" head={<tr />}>
        <tr />
      </ScrollTable>,
    );
    act(() => resized());
    expect(screen.queryAllByText(HINT)).toHaveLength(times);
  });
});
