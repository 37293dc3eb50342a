import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen, within } from '@testing-library/react';
import { PageFrame } from './PageFrame';

const PARTS = [
  { id: 'templates', label: 'Templates', href: 'templates' },
  { id: 'tasks', label: 'Tasks', href: 'tasks' },
];

function renderFrame(props: Parameters<typeof PageFrame>[0]) {
  return renderInTestApp(
    <PageFrame {...props}>
      <main>Content</main>
    </PageFrame>,
    { initialRouteEntries: ['/tasks'] },
  );
}

describe('PageFrame', () => {
  it('has the title in a landmark above the content', async () => {
    await renderFrame({ title: 'Create' });
    const header = await screen.findByRole('banner');
    expect(
      within(header).getByRole('heading', { level: 1, name: 'Create' }),
    ).toBeInTheDocument();
    expect(header).not.toContainElement(screen.getByText('Content'));
  });

  it('leads to the parts of a page, and says which one is open', async () => {
    await renderFrame({ title: 'Create', tabs: PARTS });
    const parts = await screen.findByRole('navigation', { name: 'Create' });
    const [templates, tasks] = within(parts).getAllByRole('link');
    expect(templates).toHaveAttribute('href', '/templates');
    expect(templates).not.toHaveAttribute('aria-current');
    expect(tasks).toHaveAttribute('aria-current', 'page');
    expect(screen.queryByRole('tab')).not.toBeInTheDocument();
  });

  it('leaves pages alone that bring a header of their own', async () => {
    await renderFrame({ title: 'Create', tabs: PARTS, noHeader: true });
    expect(await screen.findByText('Content')).toBeInTheDocument();
    expect(screen.queryByRole('banner')).not.toBeInTheDocument();
  });
});
