import type { Locator } from 'playwright-core';
import type { Portal } from './portal';

/** What a person does with the mouse, and how many clicks it takes. Typing is not counted. */
export class UserActions {
  clicks = 0;

  constructor(readonly portal: Portal) {}

  async click(target: Locator): Promise<void> {
    await target.click();
    this.clicks += 1;
  }

  async openTab(title: string): Promise<void> {
    await this.click(this.portal.tabs.filter({ hasText: title }));
  }

  /** Two clicks: one opens the select, one takes the option. */
  async choose(label: RegExp, option: string | RegExp): Promise<void> {
    const { page } = this.portal;
    await this.click(page.getByRole('button', { name: label }));
    await this.click(page.getByRole('option', { name: option }));
  }

  async press(button: string): Promise<void> {
    await this.click(
      this.portal.page.getByRole('button', { name: button, exact: true }),
    );
  }
}
