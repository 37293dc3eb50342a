import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { renderOnEntityPage } from '../../__testUtils__/renderOnEntityPage';
import { DetailDrawer } from './DetailDrawer';

function Example() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button onClick={() => setIsOpen(true)}>Details</button>
      <DetailDrawer
        title="Rule 1"
        open={isOpen}
        onClose={() => setIsOpen(false)}
      >
        What it says <a href="#more">More</a>
      </DetailDrawer>
    </>
  );
}

const drawer = () => screen.findByRole('dialog', { name: 'Rule 1' });

describe('DetailDrawer', () => {
  // The app remembers the language there.
  afterEach(() => localStorage.clear());

  it('takes the focus, and gives it back once closed from the keyboard', async () => {
    const user = userEvent.setup();
    renderOnEntityPage(<Example />);
    const opener = await screen.findByRole('button', { name: 'Details' });
    await user.click(opener);
    expect(await drawer()).toHaveTextContent('What it says');
    expect(await drawer()).toContainElement(
      document.activeElement as HTMLElement,
    );
    await user.keyboard('{Escape}');
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    await waitFor(() => expect(opener).toHaveFocus());
  });

  it('keeps the keyboard inside, and lets it stop only where there is something', async () => {
    const user = userEvent.setup();
    renderOnEntityPage(<Example />);
    await user.click(await screen.findByRole('button', { name: 'Details' }));
    const close = await within(await drawer()).findByRole('button');
    const link = within(await drawer()).getByRole('link');
    for (const stop of [close, link, close, link]) {
      await user.tab();
      expect(stop).toHaveFocus();
    }
    await user.tab({ shift: true });
    expect(close).toHaveFocus();
    expect(document.querySelector('div[tabindex="0"]:empty')).toBeNull();
  });

  it('is closed by a click beside it', async () => {
    const user = userEvent.setup();
    renderOnEntityPage(<Example />);
    await user.click(await screen.findByRole('button', { name: 'Details' }));
    const { parentElement: paper } = await drawer();
    await user.click(paper!.parentElement!.firstElementChild!);
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
  });

  it('is closed by a button that has its name in the reader’s language', async () => {
    const user = userEvent.setup();
    renderOnEntityPage(<Example />, { language: 'de' });
    await user.click(await screen.findByRole('button', { name: 'Details' }));
    await user.click(
      await within(await drawer()).findByRole('button', {
        name: 'Schließen',
      }),
    );
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
  });
});
