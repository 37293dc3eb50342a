import type { FindingLevel } from '../findings/Finding';

/** How findings are written. */
export type OutputFormat = 'text' | 'json' | 'github' | 'sarif';

/** What the command was asked to do. */
export interface AnalyzeOptions {
  inputs: string[];
  output: OutputFormat;
  failOn: FindingLevel;
  namespace?: string;
  meshConfig?: string;
  meshNetworks?: string;
  help: boolean;
}

export const USAGE = `meshdeck-analyze [options] FILE|DIR|- …

Reads YAML and JSON, and the YAML in Markdown documents.

  --output text|json|github|sarif   how findings are written (text)
  --fail-on error|warning|info      the lowest level that makes it exit with 1 (error)
  --namespace NS                    where objects belong that name no namespace; only findings there are shown
  --mesh-config FILE                the mesh's configuration, as YAML
  --mesh-networks FILE              the mesh's networks, as YAML

Exits with 0 where nothing of that level was found, 1 where something was, 2 where some input cannot be
used; what is found in the rest is written all the same.
`;

const OUTPUTS: readonly string[] = ['text', 'json', 'github', 'sarif'];
const LEVELS: readonly string[] = ['error', 'warning', 'info'];

/** @throws Error naming the argument that cannot be used. */
export function parseArguments(args: readonly string[]): AnalyzeOptions {
  const options: AnalyzeOptions = {
    inputs: [],
    output: 'text',
    failOn: 'error',
    help: false,
  };
  const rest = args.flatMap(splitAtEquals);
  while (rest.length > 0) {
    const argument = rest.shift() as string;
    const value = (allowed?: readonly string[]) => {
      const given = rest.shift();
      if (given === undefined || (allowed && !allowed.includes(given))) {
        throw new Error(
          `${argument} needs ${
            allowed ? `one of ${allowed.join(', ')}` : 'a value'
          }`,
        );
      }
      return given;
    };
    switch (argument) {
      case '--output':
      case '-o':
        options.output = value(OUTPUTS) as OutputFormat;
        break;
      case '--json':
        options.output = 'json';
        break;
      case '--fail-on':
        options.failOn = value(LEVELS) as FindingLevel;
        break;
      case '--namespace':
      case '-n':
        options.namespace = value();
        break;
      case '--mesh-config':
        options.meshConfig = value();
        break;
      case '--mesh-networks':
        options.meshNetworks = value();
        break;
      case '--help':
      case '-h':
        options.help = true;
        break;
      default:
        if (argument.startsWith('-') && argument !== '-') {
          throw new Error(`there is no option ${argument}`);
        }
        options.inputs.push(argument);
    }
  }
  return options;
}

/** `--output=json` as `--output json`. */
function splitAtEquals(argument: string): string[] {
  const at = argument.indexOf('=');
  return /^--[a-z-]+=/.test(argument)
    ? [argument.slice(0, at), argument.slice(at + 1)]
    : [argument];
}
