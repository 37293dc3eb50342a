import { act, renderHook } from '@testing-library/react';
import { TestApiProvider } from '@backstage/frontend-test-utils';
import { signalApiRef, type SignalApi } from '@backstage/plugin-signals-react';
import type { ReactNode } from 'react';
import { useClusterChange } from './useClusterChange';

/** Signals that the test gives. */
class FakeSignals implements SignalApi {
  readonly listeners = new Map<string, (message: any) => void>();

  subscribe(channel: string, onMessage: (message: any) => void) {
    this.listeners.set(channel, onMessage);
    return { unsubscribe: () => this.listeners.delete(channel) };
  }
}

const CHANNEL = 'mesh:placement:demo:orion:auth-service';

describe('useClusterChange', () => {
  it('tells each change of the placement it is about, until the page is left', () => {
    const signals = new FakeSignals();
    const wrapper = ({ children }: { children?: ReactNode }) => (
      <TestApiProvider apis={[[signalApiRef, signals]]}>
        {children}
      </TestApiProvider>
    );
    const onChange = jest.fn();
    const { rerender, unmount } = renderHook(
      ({ id }: { id?: string }) => useClusterChange(id, onChange),
      { wrapper, initialProps: {} },
    );
    expect(signals.listeners.size).toBe(0);

    rerender({ id: 'demo:orion:auth-service' });
    act(() => signals.listeners.get(CHANNEL)!({ changed: true }));
    act(() => signals.listeners.get(CHANNEL)!({ changed: true }));
    expect(onChange).toHaveBeenCalledTimes(2);

    rerender({ id: 'demo:orion:billing' });
    expect([...signals.listeners.keys()]).toEqual([
      'mesh:placement:demo:orion:billing',
    ]);
    unmount();
    expect(signals.listeners.size).toBe(0);
  });

  it('does without where signals are not installed', () => {
    const onChange = jest.fn();
    renderHook(() => useClusterChange('demo:orion:auth-service', onChange), {
      wrapper: ({ children }: { children?: ReactNode }) => (
        <TestApiProvider apis={[]}>{children}</TestApiProvider>
      ),
    });
    expect(onChange).not.toHaveBeenCalled();
  });
});
