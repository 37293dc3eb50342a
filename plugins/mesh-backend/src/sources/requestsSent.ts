/** Lets requests to the sources go out before work that keeps the processor busy: the two then take their time together. */
export function requestsSent(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve);
  });
}
