export { WorkloadController } from './WorkloadController';
