import { FINDING_RULES } from '../findings/rules';
import type { OutputFormat } from './AnalyzeOptions';
import type { PlacedFinding } from './PlacedFinding';

const FORMATS: Record<
  OutputFormat,
  (findings: readonly PlacedFinding[]) => string
> = { text, json, github, sarif };

export function format(
  output: OutputFormat,
  findings: readonly PlacedFinding[],
): string {
  return FORMATS[output](findings);
}

function text(findings: readonly PlacedFinding[]): string {
  const lines = findings.map(
    ({ file, line, level, code, resource, message, fix }) =>
      `${file}:${line}: ${level} ${code} ${resource}\n    ${message}\n    ${fix}\n`,
  );
  const count = (level: string, word = level) => {
    const found = findings.filter(finding => finding.level === level).length;
    return `${found} ${word}${found === 1 ? '' : 's'}`;
  };
  return findings.length === 0
    ? 'No findings.\n'
    : `${lines.join('')}${count('error')}, ${count('warning')}, ${count(
        'info',
        'note',
      )}.\n`;
}

function json(findings: readonly PlacedFinding[]): string {
  return `${JSON.stringify(findings, undefined, 2)}\n`;
}

const GITHUB_LEVELS = { error: 'error', warning: 'warning', info: 'notice' };

/** Source: GitHub's workflow commands; line ends, and in properties also `:` and `,`, are escaped. */
function github(findings: readonly PlacedFinding[]): string {
  const escape = (value: string) =>
    value.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
  const property = (value: string) =>
    escape(value).replace(/:/g, '%3A').replace(/,/g, '%2C');
  return findings
    .map(
      ({ level, file, line, code, resource, message, fix }) =>
        `::${GITHUB_LEVELS[level]} file=${property(
          file,
        )},line=${line},title=${property(`${code} ${resource}`)}::${escape(
          `${message}\n${fix}`,
        )}\n`,
    )
    .join('');
}

const SARIF_LEVELS = { error: 'error', warning: 'warning', info: 'note' };

function sarif(findings: readonly PlacedFinding[]): string {
  const used = new Set(findings.map(({ code }) => code));
  const rules = [...used].sort().map(id => {
    const rule = FINDING_RULES.find(({ code }) => code === id);
    return {
      id,
      shortDescription: { text: rule?.source ?? id },
      defaultConfiguration: { level: SARIF_LEVELS[rule?.level ?? 'error'] },
    };
  });
  const results = findings.map(
    ({ code, level, resource, path, message, fix, file, line }) => ({
      ruleId: code,
      level: SARIF_LEVELS[level],
      message: { text: `${resource}: ${message} ${fix}` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: file.split('\\').join('/') },
            region: { startLine: line },
          },
          logicalLocations: [{ fullyQualifiedName: `${resource} ${path}` }],
        },
      ],
    }),
  );
  return `${JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        { tool: { driver: { name: 'meshdeck-analyze', rules } }, results },
      ],
    },
    undefined,
    2,
  )}\n`;
}
