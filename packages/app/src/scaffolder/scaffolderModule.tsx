import {
  coreExtensionData,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';

/** The pages of the scaffolder that come without a main part; its editor has one. */
const WITHOUT_MAIN = [
  'sub-page:scaffolder/templates',
  'sub-page:scaffolder/tasks',
  'sub-page:scaffolder/actions',
  'sub-page:scaffolder/templating-extensions',
] as const;

export const scaffolderModule = createFrontendModule({
  pluginId: 'scaffolder',
  extensions: WITHOUT_MAIN.map(id =>
    scaffolderPlugin.getExtension(id).override({
      *factory(originalFactory) {
        const original = originalFactory();
        yield* original;
        yield coreExtensionData.reactElement(
          <main>{original.get(coreExtensionData.reactElement)}</main>,
        );
      },
    }),
  ),
});
