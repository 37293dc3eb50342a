/** Placement and time as the address names them. */
export interface Choice {
  placement?: string;
  window?: string;
}

const keyOf = (entityRef: string) => `meshdeck.where.${entityRef}`;

/** What a person chose last on an entity's pages, in this browser tab. */
export function recallChoice(entityRef: string): Choice | undefined {
  try {
    const text = sessionStorage.getItem(keyOf(entityRef));
    return text === null ? undefined : JSON.parse(text);
  } catch {
    // A browser may keep nothing, and anybody can write there.
    return undefined;
  }
}

export function rememberChoice(entityRef: string, choice: Choice): void {
  try {
    sessionStorage.setItem(keyOf(entityRef), JSON.stringify(choice));
  } catch {
    // Then each tab begins with the first placement.
  }
}
