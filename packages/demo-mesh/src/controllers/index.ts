export { WorkloadController } from './WorkloadController';
export type { InjectionRule } from './WorkloadController';
