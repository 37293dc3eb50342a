import { useFormat } from '../translations/useFormat';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { StatusMark } from '../view/verdict/StatusMark';
import { useNow } from '../view/useNow';

/** Says when what is applied now would end by itself. */
export function EndNote(props: { lastsMs: number }) {
  const { lastsMs } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const now = useNow();
  return (
    <StatusMark level="info">
      {t('change.ends', {
        time: format.clock(now + lastsMs),
        duration: format.ms(lastsMs),
      })}
    </StatusMark>
  );
}
