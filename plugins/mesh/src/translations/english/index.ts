import { canaryMessages } from './canary';
import { changesMessages } from './changes';
import { fleetMessages } from './fleet';
import { viewMessages } from './view';
import { overviewMessages } from './overview';
import { routesMessages } from './routes';
import { securityMessages } from './security';
import { topologyMessages } from './topology';
import { tracesMessages } from './traces';

/** What the pages say, by the parts they say it in. */
export const englishMessages = {
  ...viewMessages,
  ...overviewMessages,
  ...routesMessages,
  ...securityMessages,
  ...tracesMessages,
  ...canaryMessages,
  ...changesMessages,
  ...topologyMessages,
  ...fleetMessages,
} as const;
