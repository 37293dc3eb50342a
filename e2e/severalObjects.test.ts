import {
  applyPreview,
  consentTo,
  previewForm,
  previewOf,
  sentenceOf,
  undoChange,
} from './changing';
import { NAMESPACE, PLACE, SERVICE } from './intentCases';
import { onPortal } from './portal';
import { StoredObject } from './StoredObject';

const rules = new StoredObject('VirtualService', NAMESPACE, SERVICE);
const versions = new StoredObject('DestinationRule', NAMESPACE, SERVICE);
/** Its pods have a version that nothing defines yet. */
const RULES = {
  hosts: [SERVICE],
  http: [{ timeout: '10s', route: [{ destination: { host: SERVICE } }] }],
};
const VERSIONS = {
  host: SERVICE,
  trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' } },
};
const both = () => Promise.all([versions.spec(), rules.spec()]);

describe('a change of two objects', () => {
  let before: (object | undefined)[];

  beforeAll(async () => {
    before = await both();
  });
  beforeEach(async () => {
    await rules.become(RULES);
    await versions.become(VERSIONS);
  });
  afterAll(async () => {
    await versions.become(before[0]);
    await rules.become(before[1]);
  });

  const openPreview = async (portal: Parameters<typeof previewOf>[0]) => {
    await portal.visitComponent(SERVICE, 'routes', PLACE);
    await previewForm(portal, 'Header or cookie: rule 1', {
      texts: { Name: 'x-beta', Value: 'yes' },
    });
    return previewOf(portal);
  };

  onPortal(
    'shows both, defines the version before the rule that names it, and takes both back',
    async portal => {
      const preview = await openPreview(portal);
      expect(await sentenceOf(preview)).toMatch(
        /^Requests with x-beta: yes go to stable; all others go on as before\. .*stable/,
      );
      for (const kind of ['DestinationRule', 'VirtualService']) {
        await preview
          .getByText(new RegExp(`${kind} ${NAMESPACE}/${SERVICE}`))
          .first()
          .waitFor();
      }
      await portal.photographWindow('preview of two objects');
      const sentence = await applyPreview(portal, 'a trial for testers');
      expect(await both()).toEqual([
        {
          ...VERSIONS,
          subsets: [{ name: 'stable', labels: { version: 'stable' } }],
        },
        {
          ...RULES,
          http: [
            expect.objectContaining({
              match: [{ headers: { 'x-beta': { exact: 'yes' } } }],
            }),
            RULES.http[0],
          ],
        },
      ]);
      await undoChange(portal, sentence);
      expect(await both()).toEqual([VERSIONS, RULES]);
    },
    90,
  );

  onPortal(
    'writes neither where somebody changed the first since the preview',
    async portal => {
      portal.provokes(/409/);
      const preview = await openPreview(portal);
      const theirs = { ...VERSIONS, exportTo: ['.'] };
      await versions.become(theirs);
      await consentTo(preview);
      await preview.getByRole('button', { name: 'Apply' }).click();
      const conflict = portal.page.getByRole('dialog', {
        name: 'Somebody else changed it first',
      });
      await conflict.getByText('exportTo:').first().waitFor();
      expect(await both()).toEqual([theirs, RULES]);
    },
    60,
  );
});
