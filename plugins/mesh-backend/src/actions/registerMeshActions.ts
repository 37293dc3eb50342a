import { ActionServices } from './MeshActions';
import { registerAccessAction } from './registerAccessAction';
import { registerCanaryAction } from './registerCanaryAction';
import { registerFindingsAction } from './registerFindingsAction';
import { registerRouteAction } from './registerRouteAction';
import { registerStatusAction } from './registerStatusAction';

/** The actions that Backstage offers to assistants (MCP) and other plugins. */
export function registerMeshActions(services: ActionServices): void {
  registerStatusAction(services);
  registerFindingsAction(services);
  registerRouteAction(services);
  registerAccessAction(services);
  registerCanaryAction(services);
}
