import type { ResourceUse, Saturation } from '@meshdeck/plugin-mesh-common';
import { StatusMark } from '../../view/verdict/StatusMark';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import styles from '../CanaryTab.module.css';

/** What one resource is used of, in words; undefined where nothing is known. */
function useUseWords(): (use: ResourceUse) => string | undefined {
  const { t } = useMeshTranslation();
  const format = useFormat();
  return ({ resource, state, share, container = '', of, ...more }) => {
    const name = { resource: t(`canary.${resource}`) };
    switch (state) {
      case 'known':
        return [
          t(of === 'limit' ? 'canary.ofLimit' : 'canary.ofRequest', {
            ...name,
            share: format.share(share),
            container,
          }),
          ...(more.nearlyFull ? [t('canary.nearlyFull')] : []),
          ...(more.unlimited.length > 0
            ? [t('canary.noneFor', { containers: more.unlimited.join(', ') })]
            : []),
        ].join('; ');
      case 'unlimited':
        return t('canary.noLimit', name);
      case 'unmeasured':
        return t('canary.noNumbers', name);
      default:
        return undefined;
    }
  };
}

/** How full a version is: the fuller of CPU and memory as a number, and both in words. */
export function SaturationCell(props: { saturation: Saturation }) {
  const { share, uses } = props.saturation;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const wordsOf = useUseWords();
  const [fuller] = uses;
  // The same order in each column, so that they compare.
  const inOrder = [...uses].sort((a, b) => (a.resource < b.resource ? -1 : 1));
  return (
    <>
      {share.value === undefined
        ? format.share(undefined)
        : t('canary.fuller', {
            resource: t(`canary.${fuller.resource}`),
            share: format.share(share.value),
          })}
      {inOrder.map(use => {
        const words = wordsOf(use);
        return (
          words && (
            <span key={use.resource} className={styles.reason}>
              {use.nearlyFull ? (
                <StatusMark level="warning" size={14}>
                  {words}
                </StatusMark>
              ) : (
                words
              )}
            </span>
          )
        );
      })}
    </>
  );
}
