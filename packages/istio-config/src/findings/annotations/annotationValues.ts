type Problem = (value: string) => string | undefined;

const isPort = (text: string) =>
  /^\d+$/.test(text.trim()) && Number(text) <= 65_535;
const isCidr = (text: string) => {
  const match = /^([^/]+)\/(\d+)$/.exec(text);
  if (!match) {
    return false;
  }
  const bits = Number(match[2]);
  if (match[1].includes(':')) {
    return /^[0-9a-fA-F:.]+$/.test(match[1]) && bits <= 128;
  }
  const parts = match[1].split('.');
  return (
    parts.length === 4 &&
    parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255) &&
    bits <= 32
  );
};

const ports: Problem = value =>
  value.trim() === '' || value.split(',').every(isPort)
    ? undefined
    : 'a comma separated list of ports is expected';
const portsOrAll: Problem = value => (value === '*' ? undefined : ports(value));
const ranges: Problem = value =>
  value === '' || value.split(',').every(isCidr)
    ? undefined
    : 'a comma separated list of address ranges such as 10.0.0.0/8 is expected';
const rangesOrAll: Problem = value =>
  value === '*' ? undefined : ranges(value);
const port: Problem = value =>
  isPort(value) ? undefined : 'a port is expected';
const count: Problem = value =>
  /^\d+$/.test(value) && Number(value) < 2 ** 32
    ? undefined
    : 'a whole number is expected';
const truth: Problem = value =>
  /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)
    ? undefined
    : 'true or false is expected';
const quantity: Problem = value =>
  /^[+-]?(\d+(\.\d*)?|\.\d+)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/.test(
    value,
  )
    ? undefined
    : 'a Kubernetes quantity such as 100m or 128Mi is expected';
const mode: Problem = value =>
  ['REDIRECT', 'TPROXY', 'NONE'].includes(value)
    ? undefined
    : 'REDIRECT, TPROXY or NONE is expected';

/** What is wrong with an annotation's value. Source: istio pkg/kube/inject/validate.go. */
export const VALUE_PROBLEMS: ReadonlyMap<string, Problem> = new Map([
  ['sidecar.istio.io/interceptionMode', mode],
  ['status.sidecar.istio.io/port', port],
  ['readiness.status.sidecar.istio.io/initialDelaySeconds', count],
  ['readiness.status.sidecar.istio.io/periodSeconds', count],
  ['readiness.status.sidecar.istio.io/failureThreshold', count],
  ['traffic.sidecar.istio.io/includeOutboundIPRanges', rangesOrAll],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', ranges],
  ['traffic.sidecar.istio.io/includeInboundPorts', portsOrAll],
  ['traffic.sidecar.istio.io/excludeInboundPorts', ports],
  ['traffic.sidecar.istio.io/includeOutboundPorts', ports],
  ['traffic.sidecar.istio.io/excludeOutboundPorts', ports],
  ['prometheus.istio.io/merge-metrics', truth],
  ['sidecar.istio.io/proxyCPU', quantity],
  ['sidecar.istio.io/proxyCPULimit', quantity],
  ['sidecar.istio.io/proxyMemory', quantity],
  ['sidecar.istio.io/proxyMemoryLimit', quantity],
]);
