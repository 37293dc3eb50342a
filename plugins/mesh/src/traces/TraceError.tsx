import { Alert } from '@backstage/ui';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { ErrorAlert } from '../view/errors/ErrorAlert';
import frame from '../view/frame/frame.module.css';

function isGone(error: Error): boolean {
  return 'statusCode' in error && error.statusCode === 404;
}

/** Why a trace cannot be shown: most often because the tracing system has it no more. */
export function TraceError(props: { error: Error }) {
  const { error } = props;
  const { t } = useMeshTranslation();
  if (!isGone(error)) {
    return <ErrorAlert error={error} title={t('trace.failed')} />;
  }
  const cause = error.cause instanceof Error ? error.cause : error;
  return (
    <Alert
      role="alert"
      status="warning"
      icon
      title={t('trace.gone')}
      description={
        <>
          {t('trace.goneFix')}
          <p className={frame.cause}>{cause.message}</p>
        </>
      }
    />
  );
}
