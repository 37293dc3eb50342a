import { createApp } from '@backstage/frontend-defaults';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { navigationModule } from './navigation/navigationModule';
import { signInModule } from './signIn/signInModule';
import { themeModule } from './theme/themeModule';

export default createApp({
  features: [catalogPlugin, navigationModule, signInModule, themeModule],
});
