import { act, renderHook } from '@testing-library/react';
import { deferred } from '../../__testUtils__/renderOnEntityPage';
import { ANSWER_DEADLINE_MS } from './startPolling';
import { REFRESH_INTERVAL_MS, usePolled } from './usePolled';

function setHidden(hidden: boolean) {
  Object.defineProperty(document, 'hidden', {
    configurable: true,
    value: hidden,
  });
}

function turn(visibility: { hidden: boolean }) {
  setHidden(visibility.hidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

const passing = (ms: number) =>
  act(async () => {
    await jest.advanceTimersByTimeAsync(ms);
  });

describe('usePolled', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    setHidden(false);
    jest.useRealTimers();
  });

  it('asks again every few seconds', async () => {
    let count = 0;
    const ask = jest.fn(async () => {
      count += 1;
      return count;
    });
    const { result } = renderHook(() => usePolled('q', ask));
    await passing(0);
    expect(result.current.answer).toBe(1);

    await passing(REFRESH_INTERVAL_MS - 1);
    expect(ask).toHaveBeenCalledTimes(1);
    await passing(1);
    expect(result.current.answer).toBe(2);
  });

  it('does not draw the page again because it asks', async () => {
    let renders = 0;
    const second = deferred<string>();
    const ask = jest
      .fn<Promise<string>, []>()
      .mockResolvedValueOnce('first')
      .mockReturnValueOnce(second.promise);
    renderHook(() => {
      renders += 1;
      return usePolled('q', ask);
    });
    await passing(0);
    expect(renders).toBe(2);
    await passing(REFRESH_INTERVAL_MS);
    expect(ask).toHaveBeenCalledTimes(2);
    expect(renders).toBe(2);
    await act(async () => second.resolve('second'));
    expect(renders).toBe(3);
  });

  it('never has two polls of one question under way', async () => {
    const slow = deferred<string>();
    const ask = jest.fn(() => slow.promise);
    renderHook(() => usePolled('q', ask));
    await passing(REFRESH_INTERVAL_MS * 2);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('drops a slow answer to a question that is no longer asked', async () => {
    const answers = { old: deferred<string>(), new: deferred<string>() };
    const asks = {
      old: () => answers.old.promise,
      new: () => answers.new.promise,
    };
    const { result, rerender } = renderHook(
      ({ question }: { question: 'old' | 'new' }) =>
        usePolled(question, asks[question]),
      { initialProps: { question: 'old' } },
    );
    rerender({ question: 'new' });
    await act(async () => answers.new.resolve('new answer'));
    expect(result.current.answer).toBe('new answer');

    await act(async () => answers.old.resolve('old answer'));
    expect(result.current.answer).toBe('new answer');
    expect(result.current.answerTo).toBe('new');
  });

  it('drops the answer to an attempt that a refresh overtook', async () => {
    const first = deferred<string>();
    const second = deferred<string>();
    const ask = jest
      .fn<Promise<string>, []>()
      .mockReturnValueOnce(first.promise)
      .mockReturnValueOnce(second.promise);
    const { result } = renderHook(() => usePolled('q', ask));
    act(() => result.current.refresh());
    await act(async () => second.resolve('fresh'));
    await act(async () => first.resolve('stale'));
    expect(result.current.answer).toBe('fresh');
  });

  it('keeps the last good answer while attempts fail, and recovers', async () => {
    const ask = jest
      .fn<Promise<string>, []>()
      .mockResolvedValueOnce('good')
      .mockRejectedValueOnce(new Error('gone'))
      .mockResolvedValueOnce('good again');
    const { result } = renderHook(() => usePolled('q', ask));
    await passing(0);
    await passing(REFRESH_INTERVAL_MS);
    expect(result.current).toMatchObject({
      answer: 'good',
      error: new Error('gone'),
    });

    await passing(REFRESH_INTERVAL_MS);
    expect(result.current.answer).toBe('good again');
    expect(result.current.error).toBeUndefined();
  });

  it('does not blame a new question for the failure of the last one', async () => {
    const silent = deferred<string>();
    const asks = {
      bad: () => Promise.reject(new Error('gone')),
      next: () => silent.promise,
    };
    const { result, rerender } = renderHook(
      ({ question }: { question: 'bad' | 'next' }) =>
        usePolled(question, asks[question]),
      { initialProps: { question: 'bad' } },
    );
    await passing(0);
    expect(result.current.error).toEqual(new Error('gone'));
    rerender({ question: 'next' });
    expect(result.current.error).toBeUndefined();
  });

  it('does not wait for ever', async () => {
    const ask = jest
      .fn<Promise<string>, []>()
      .mockReturnValueOnce(new Promise(() => {}))
      .mockResolvedValueOnce('at last');
    const { result } = renderHook(() => usePolled('q', ask));
    await passing(ANSWER_DEADLINE_MS);
    expect(result.current.error?.message).toMatch('No answer within 15');
    await passing(REFRESH_INTERVAL_MS);
    expect(result.current.answer).toBe('at last');
  });

  it('rests while nobody looks and asks at once when somebody does', async () => {
    const ask = jest.fn(async () => 'answer');
    renderHook(() => usePolled('q', ask));
    await passing(0);
    turn({ hidden: true });
    await passing(REFRESH_INTERVAL_MS * 10);
    expect(ask).toHaveBeenCalledTimes(1);

    await act(async () => turn({ hidden: false }));
    expect(ask).toHaveBeenCalledTimes(2);
    await passing(REFRESH_INTERVAL_MS);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('asks nothing without a question, and no more after it is gone', async () => {
    const ask = jest.fn(async () => 'answer');
    const { unmount } = renderHook(() => usePolled(undefined, ask));
    await passing(REFRESH_INTERVAL_MS);
    expect(ask).not.toHaveBeenCalled();
    unmount();

    const polled = renderHook(() => usePolled('q', ask));
    await passing(0);
    polled.unmount();
    await passing(REFRESH_INTERVAL_MS * 2);
    expect(ask).toHaveBeenCalledTimes(1);
  });
});
