import { useSearchParams } from 'react-router-dom';

const OPEN = 'open';

/** Which folded parts of a page are open, kept in its address so that a link shows the same to the next person. */
export function useOpenFolds(): {
  isOpen(id: string): boolean;
  set(id: string, isOpen: boolean): void;
} {
  const [search, setSearch] = useSearchParams();
  return {
    isOpen: id => openIn(search).includes(id),
    set: (id, isOpen) =>
      setSearch(
        previous => {
          const next = new URLSearchParams(previous);
          const others = openIn(previous).filter(other => other !== id);
          const open = isOpen ? [...others, id] : others;
          if (open.length > 0) {
            next.set(OPEN, open.join(','));
          } else {
            next.delete(OPEN);
          }
          return next;
        },
        { replace: true },
      ),
  };
}

function openIn(search: URLSearchParams): string[] {
  return (search.get(OPEN) ?? '').split(',').filter(Boolean);
}
