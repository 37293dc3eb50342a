import Step from '@material-ui/core/Step';
import StepConnector from '@material-ui/core/StepConnector';
import StepLabel from '@material-ui/core/StepLabel';
import Stepper from '@material-ui/core/Stepper';
import {
  RiCheckboxCircleFill,
  RiCircleLine,
  RiRecordCircleFill,
} from '@remixicon/react';
import type { RolloutStep } from '@meshdeck/plugin-mesh-common';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import styles from './Rollout.module.css';

const ICONS = {
  done: RiCheckboxCircleFill,
  current: RiRecordCircleFill,
  next: RiCircleLine,
};

function StepMark(props: { state: RolloutStep['state'] }) {
  const Icon = ICONS[props.state];
  return <Icon size={16} aria-hidden className={styles[props.state]} />;
}

/** The steps in turn; each says in words whether it is done. */
export function RolloutSteps(props: { steps: RolloutStep[] }) {
  const { steps } = props;
  const { t } = useMeshTranslation();
  return (
    <div>
      <h3 className={styles.heading}>{t('rollout.steps')}</h3>
      <Stepper
        className={styles.steps}
        orientation="vertical"
        connector={
          <StepConnector
            classes={{ root: styles.connector, line: styles.line }}
          />
        }
        activeStep={steps.findIndex(({ state }) => state === 'current')}
        // The kit draws a list, and says so to nobody.
        role="list"
        aria-label={t('rollout.steps')}
      >
        {steps.map(({ words, state }, index) => (
          <Step
            // Steps have no names, and two may be the same.
            key={index}
            role="listitem"
            completed={state === 'done'}
            aria-current={state === 'current' ? 'step' : undefined}
          >
            <StepLabel
              StepIconComponent={StepMark}
              StepIconProps={{ state } as object}
              classes={{ label: styles.step }}
            >
              <span>{words}</span>
              {/* A space of its own: without it both are read as one word. */}{' '}
              <span className={styles.quiet}>{t(`rollout.${state}`)}</span>
            </StepLabel>
          </Step>
        ))}
      </Stepper>
    </div>
  );
}
