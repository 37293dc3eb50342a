import { screen } from '@testing-library/react';
import {
  mockMeshApi,
  renderOnEntityPage,
} from '../__testUtils__/renderOnEntityPage';
import { controlPlanes } from '../__fixtures__/fleet';
import { MeshFleet } from '../fleet/MeshFleet';
import { MeshOverviewCard } from '../overview/MeshOverviewCard';
import { RoutesTab } from '../routes/RoutesTab';
import { SecurityTab } from '../security/SecurityTab';
import { TopologyTab } from '../topology/TopologyTab';
import { TracesTab } from '../traces/TracesTab';
import de from './de';
import { englishMessages } from './english';

const german = new Set<string>(Object.values(de));

/** What the backend says of a rule, in the words that we have for something else. */
const FROM_BACKEND = ['everything else'];

/** What only an English reader should see. */
const english = new Set(
  Object.values(englishMessages)
    .flatMap(part => Object.values<string>(part))
    .filter(text => !german.has(text) && !FROM_BACKEND.includes(text)),
);

/** All that is written on the page, and all that is read out. */
function textsOnPage(): string[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts: string[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode.textContent ?? '');
  for (const element of document.querySelectorAll('[aria-label],[title]')) {
    texts.push(
      element.getAttribute('aria-label') ?? '',
      element.getAttribute('title') ?? '',
    );
  }
  return texts.map(text => text.trim());
}

describe('a reader of German', () => {
  it.each<[string, JSX.Element, string, string]>([
    ['overview', <MeshOverviewCard />, '', 'Anfragen'],
    ['routes', <RoutesTab />, '', 'Welche Regel?'],
    ['security', <SecurityTab />, '', 'Wer aufrufen darf'],
    ['traces', <TracesTab />, '', 'Traces suchen'],
    ['one trace', <TracesTab />, '?trace=x', 'Zurück zur Liste'],
    ['topology', <TopologyTab />, '', 'Wer wen aufruft'],
    ['all services', <MeshFleet />, '', 'CSV herunterladen'],
    [
      'control planes',
      <MeshFleet />,
      '?section=control-plane',
      'Gegenüber istiod',
    ],
    ['coverage', <MeshFleet />, '?section=mtls', 'Verschlüsselt'],
    ['certificates', <MeshFleet />, '?section=certificates', 'Aussteller'],
    ['sources', <MeshFleet />, '?section=sources', 'Was zu tun ist'],
  ])('finds no English word of ours on the page of %s', async (...page) => {
    const [, element, search, words] = page;
    renderOnEntityPage(element, {
      language: 'de',
      search,
      api: mockMeshApi({
        controlPlanes: async () => controlPlanes(Date.now()),
      }),
    });
    await screen.findAllByText(words);
    expect(textsOnPage().filter(text => english.has(text))).toEqual([]);
  });

  it('reads numbers as German writes them', async () => {
    renderOnEntityPage(<SecurityTab />, { language: 'de' });
    expect(
      await screen.findByText('99,8 % der Anfragen kommen verschlüsselt'),
    ).toBeVisible();
  });
});
