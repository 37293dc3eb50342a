import { useState } from 'react';
import {
  Alert,
  Button,
  NumberField,
  Select,
  Slider,
  Text,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import type { CanaryRule, WeightIntent } from '@meshdeck/plugin-mesh-common';
import { Section } from '../../view/frame/Section';
import {
  useMeshTranslation,
  type Translate,
} from '../../translations/useMeshTranslation';
import {
  keyOf,
  mainRule,
  newcomer,
  sameWeights,
  withWeight,
  type Weights,
} from './weights';
import styles from '../CanaryTab.module.css';

const PRESETS = [0, 10, 25, 50, 100];

function ruleTitle(rule: CanaryRule, t: Translate): string {
  return t('weights.ruleTitle', {
    number: String(rule.number),
    requests: rule.requests.join(t('weights.or')),
  });
}

/** Sets the weights of one rule; they add up to 100 at every moment. */
export function WeightsEditor(props: {
  rules: CanaryRule[];
  cannotChange?: string;
  onPreview: (intent: WeightIntent) => void;
}) {
  const { rules, cannotChange, onPreview } = props;
  const { t } = useMeshTranslation();
  const main = mainRule(rules);
  const [chosenRule, setChosenRule] = useState(main && keyOf(main));
  const [draft, setDraft] = useState<Weights>();
  const found = rules.find(one => keyOf(one) === chosenRule);
  const rule = found ?? main;

  if (!rule) {
    return (
      <Section title={t('weights.title')}>
        <Text>{t('weights.noRule')}</Text>
      </Section>
    );
  }

  // What was set for a rule is for no other one that came in its place.
  const isLost = found === undefined && draft !== undefined;
  const weights = (found && draft) ?? rule.weights;
  const target = newcomer(rule.weights);
  const isDisabled = cannotChange !== undefined;
  const isUnchanged = sameWeights(weights, rule.weights);
  const set = (subset: string, weight: number) => {
    setChosenRule(keyOf(rule));
    setDraft(withWeight(weights, subset, weight));
  };

  return (
    <Section title={t('weights.title')} note={t('weights.note')}>
      <div className={styles.editor}>
        {isDisabled && (
          <Alert
            status="info"
            icon
            title={t('weights.cannot')}
            description={cannotChange}
          />
        )}
        {isLost && <Alert status="info" icon title={t('weights.ruleGone')} />}
        {rules.length > 1 ? (
          <Select
            label={t('weights.rule')}
            options={rules.map(one => ({
              id: keyOf(one),
              label: ruleTitle(one, t),
            }))}
            value={keyOf(rule)}
            onChange={id => {
              setChosenRule(String(id));
              setDraft(undefined);
            }}
            isDisabled={isDisabled}
          />
        ) : (
          <Text color="secondary">{ruleTitle(rule, t)}</Text>
        )}
        {target && (
          <div className={styles.presets}>
            <Text>{t('weights.gets', { subset: target })}</Text>
            <ToggleButtonGroup
              className={styles.choice}
              aria-label={t('weights.shareOf', { subset: target })}
              selectionMode="single"
              selectedKeys={[String(weights[target])]}
              onSelectionChange={chosen => {
                const [share] = [...chosen];
                if (share !== undefined) set(target, Number(share));
              }}
              isDisabled={isDisabled}
            >
              {PRESETS.map(preset => (
                <ToggleButton key={preset} id={String(preset)}>
                  {`${preset} %`}
                </ToggleButton>
              ))}
            </ToggleButtonGroup>
          </div>
        )}
        <div className={styles.weights}>
          {Object.entries(weights).map(([subset, weight]) => (
            <div key={subset} className={styles.weight}>
              <Slider
                label={subset}
                minValue={0}
                maxValue={100}
                step={1}
                value={weight}
                onChange={value => set(subset, Number(value))}
                isDisabled={isDisabled}
              />
              <NumberField
                aria-label={t('weights.weightOf', { subset })}
                minValue={0}
                maxValue={100}
                step={1}
                value={weight}
                onChange={value => {
                  if (!Number.isNaN(value)) set(subset, value);
                }}
                isDisabled={isDisabled}
              />
            </div>
          ))}
        </div>
        <div className={styles.actions}>
          <Button
            variant="primary"
            isDisabled={isDisabled || isUnchanged}
            onPress={() => onPreview({ rule: rule.rule, weights })}
          >
            {t('weights.preview')}
          </Button>
          {!isUnchanged && (
            <Button variant="tertiary" onPress={() => setDraft(undefined)}>
              {t('weights.back')}
            </Button>
          )}
          {isUnchanged && !isDisabled && (
            <Text color="secondary">{t('weights.unchanged')}</Text>
          )}
        </div>
      </div>
    </Section>
  );
}
