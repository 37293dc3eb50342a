import { z } from 'zod/v3';

const NAME = /^[a-z]([a-z0-9-]{0,48}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The fields of the actions that render or apply a new service. */
export const answersFields = {
  name: (zod: typeof z) =>
    zod
      .string()
      .regex(NAME, 'lower-case letters, digits and hyphens, at most 50')
      .describe('Name of the new service, and of its Kubernetes Service'),
  namespace: (zod: typeof z) =>
    zod.string().regex(NAMESPACE).describe('Namespace it will live in'),
  owner: (zod: typeof z) =>
    zod
      .string()
      .describe('Owner, as an entity reference: group:default/team-deals'),
  system: (zod: typeof z) =>
    zod.string().optional().describe('System it belongs to'),
  description: (zod: typeof z) =>
    zod.string().max(400).optional().describe('What it does, in a line'),
  image: (zod: typeof z) => zod.string().min(1).describe('Container image'),
  port: (zod: typeof z) =>
    zod
      .number()
      .int()
      .min(1)
      .max(65535)
      .describe('Port that the container and the Service listen on'),
  replicas: (zod: typeof z) =>
    zod
      .number()
      .int()
      .min(1)
      .max(20)
      .optional()
      .describe('Number of pods; by default 2'),
  callerNamespaces: (zod: typeof z) =>
    zod
      .array(zod.string().regex(NAMESPACE))
      .optional()
      .describe('Namespaces that may call it; by default its own'),
  withCanary: (zod: typeof z) =>
    zod
      .boolean()
      .optional()
      .describe(
        'Deploy a canary version, ready to be given traffic; by default yes',
      ),
};
