import type { FleetRow } from '@meshdeck/plugin-mesh-common';

const COLUMNS: [
  name: string,
  cell: (row: FleetRow) => string | number | undefined,
][] = [
  ['cluster', ({ placement }) => placement.cluster],
  ['namespace', ({ placement }) => placement.namespace],
  ['service', ({ placement }) => placement.service],
  ['entity', ({ entityRef }) => entityRef],
  ['owner', ({ owner }) => owner],
  ['health', ({ verdict }) => verdict.level],
  ['verdict', ({ verdict }) => verdict.sentence],
  ['data plane', ({ dataPlane }) => dataPlane],
  ['requests per second', row => row.requestsPerSecond],
  ['error share', row => row.errorShare],
  ['p99 ms', row => row.p99Ms],
  ['mTLS share', row => row.mtlsShare],
  ['errors found', ({ findings }) => findings.error],
  ['warnings found', ({ findings }) => findings.warning],
  ['canary', ({ canary }) => canary?.subset],
  ['canary share', ({ canary }) => canary?.share],
  ['proxy versions', ({ proxyVersions }) => proxyVersions.join(' ')],
  ['pods', ({ pods }) => pods],
  ['ready pods', ({ readyPods }) => readyPods],
  [
    'owner agreed',
    ({ owner, isClaimed }) => owner && (isClaimed ? 'no' : 'yes'),
  ],
];

/** The rows as a spreadsheet reads them (RFC 4180). */
export function toCsv(rows: readonly FleetRow[]): string {
  const lines = [
    COLUMNS.map(([name]) => name),
    ...rows.map(row => COLUMNS.map(([, cell]) => cell(row))),
  ];
  return lines.map(cells => `${cells.map(quote).join(',')}\r\n`).join('');
}

/** A spreadsheet takes a text that begins like a formula for one, and runs it. */
function quote(cell: string | number | undefined): string {
  const text =
    typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell)
      ? `'${cell}`
      : String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
