import { useEffect, useState } from 'react';

/** The time of day, told again every so often, for ages that grow on the screen. */
export function useNow(everyMs: number = 1_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
