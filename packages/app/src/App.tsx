import { createApp } from '@backstage/frontend-defaults';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { navigationModule } from './navigation/navigationModule';
import { pageModule } from './page/pageModule';
import { scaffolderModule } from './scaffolder/scaffolderModule';
import { signInModule } from './signIn/signInModule';
import { themeModule } from './theme/themeModule';

export default createApp({
  features: [
    catalogPlugin,
    navigationModule,
    pageModule,
    scaffolderModule,
    signInModule,
    themeModule,
  ],
});
