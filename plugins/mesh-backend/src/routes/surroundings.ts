import { describeRef, OutOfScope } from '@meshdeck/istio-config';

const TLS_WORDS = new Map(
  Object.entries({
    SIMPLE: 'terminates TLS',
    MUTUAL: 'terminates TLS and asks callers for a certificate',
    OPTIONAL_MUTUAL: 'terminates TLS; callers may show a certificate',
    ISTIO_MUTUAL: 'terminates the mesh’s own mTLS',
    PASSTHROUGH: 'passes TLS on unopened',
    AUTO_PASSTHROUGH: 'passes TLS on unopened, to whom it names',
    Terminate: 'terminates TLS',
    Passthrough: 'passes TLS on unopened',
  }),
);

/** What a gateway does with TLS: "terminates TLS (SIMPLE)". */
export function tlsWords(mode: string | undefined): string | undefined {
  const words = mode && TLS_WORDS.get(mode);
  return words ? `${words} (${mode})` : mode;
}

/** What it means that callers of the service's own namespace do not know it. */
export function outOfScopeWords(
  outOfScope: OutOfScope | undefined,
): string | undefined {
  if (!outOfScope) {
    return undefined;
  }
  const { sidecar, outcome } = outOfScope;
  const cause = sidecar
    ? `${describeRef(
        sidecar,
      )} of the callers in this namespace does not import this service`
    : 'This service is not exported to the callers in its own namespace';
  return `${cause}: ${
    outcome === 'blocked'
      ? 'their requests to it fail'
      : 'their requests reach it past all rules and without mTLS'
  }.`;
}
