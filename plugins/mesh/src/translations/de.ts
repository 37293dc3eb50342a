import { canaryInGerman } from './german/canary';
import { changesInGerman } from './german/changes';
import { fleetInGerman } from './german/fleet';
import { viewInGerman } from './german/view';
import { overviewInGerman } from './german/overview';
import { routesInGerman } from './german/routes';
import { securityInGerman } from './german/security';
import { topologyInGerman } from './german/topology';
import { tracesInGerman } from './german/traces';

/** German, all of it: a message that is missing in one of the parts does not compile. */
export default {
  ...viewInGerman,
  ...overviewInGerman,
  ...routesInGerman,
  ...securityInGerman,
  ...tracesInGerman,
  ...canaryInGerman,
  ...changesInGerman,
  ...topologyInGerman,
  ...fleetInGerman,
};
