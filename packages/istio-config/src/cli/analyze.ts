import { parse } from 'yaml';
import { isMap } from '../kube/reading';
import type { KubeObject } from '../kube/KubeObject';
import { MeshConfig, meshConfigFromYaml, readMeshConfig } from '../MeshConfig';
import { AnalyzeOptions, parseArguments, USAGE } from './AnalyzeOptions';
import { analyzeObjects } from './analyzeObjects';
import { format } from './formats';
import { readInputs, readText } from './inputs';
import type { PlacedObject } from './PlacedObject';
import { located, readYaml } from './readYaml';
import { UnusableInput } from './UnusableInput';

/** Where the command writes. */
export interface AnalyzeStreams {
  out(text: string): void;
  error(text: string): void;
}

const SEVERITY = { error: 2, warning: 1, info: 0 };

/** Analyzes files as the arguments say; returns the exit code: 0 nothing found, 1 something, 2 unusable input. */
export function analyze(
  args: readonly string[],
  streams: AnalyzeStreams,
): 0 | 1 | 2 {
  try {
    const options = parseArguments(args);
    if (options.help) {
      streams.out(USAGE);
      return 0;
    }
    if (options.inputs.length === 0) {
      streams.error(USAGE);
      return 2;
    }
    const settings = {
      namespace: options.namespace,
      meshConfig: meshConfigOf(options),
    };
    const networks = networksOf(options);
    const { places, problems } = readInputs(options.inputs);
    for (const problem of problems) {
      streams.error(`meshdeck-analyze: ${problem.message}\n`);
    }
    if (places.length === 0 && problems.length > 0) {
      return 2;
    }
    const found = analyzeObjects([...places, ...networks], settings);
    streams.out(format(options.output, found));
    if (problems.length > 0) {
      return 2;
    }
    return found.some(
      ({ level }) => SEVERITY[level] >= SEVERITY[options.failOn],
    )
      ? 1
      : 0;
  } catch (problem) {
    streams.error(
      `meshdeck-analyze: ${
        problem instanceof Error ? problem.message : String(problem)
      }\n`,
    );
    return 2;
  }
}

function meshConfigOf({
  meshConfig: file,
}: AnalyzeOptions): Partial<MeshConfig> | undefined {
  if (file === undefined) {
    return undefined;
  }
  const text = readText(file, file);
  const [{ object } = { object: undefined }] = readYaml(text, file);
  const config =
    isMap(object) && object.kind === 'ConfigMap'
      ? readMeshConfig(object as KubeObject)
      : meshConfigFromYaml(text);
  if (!config) {
    throw new UnusableInput(file, 1, 'this is no mesh configuration.');
  }
  return config;
}

function networksOf({ meshNetworks: file }: AnalyzeOptions): PlacedObject[] {
  if (file === undefined) {
    return [];
  }
  const text = readText(file, file);
  const [place] = readYaml(text, file);
  const body = place?.object;
  const held =
    isMap(body) && body.kind === 'ConfigMap'
      ? parse(String(body.data?.meshNetworks ?? ''), { maxAliasCount: 100 })
      : body;
  if (!place || !isMap(held) || !isMap(held.networks)) {
    throw new UnusableInput(file, 1, 'these are no mesh networks.');
  }
  return [
    {
      ...located(place),
      object: {
        apiVersion: 'mesh.istio.io/v1alpha1',
        kind: 'MeshNetworks',
        metadata: { name: 'meshnetworks', namespace: 'istio-system' },
        networks: held.networks,
      },
    },
  ];
}
