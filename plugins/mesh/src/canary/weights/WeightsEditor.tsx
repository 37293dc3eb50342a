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

function RuleChoice(props: {
  rules: CanaryRule[];
  rule: CanaryRule;
  onChoose: (key: string) => void;
  isDisabled: boolean;
}) {
  const { rules, rule, onChoose, isDisabled } = props;
  const { t } = useMeshTranslation();
  return rules.length > 1 ? (
    <Select
      label={t('weights.rule')}
      options={rules.map(one => ({ id: keyOf(one), label: ruleTitle(one, t) }))}
      value={keyOf(rule)}
      onChange={id => onChoose(String(id))}
      isDisabled={isDisabled}
    />
  ) : (
    <Text color="secondary">{ruleTitle(rule, t)}</Text>
  );
}

interface WeightProps {
  weights: Weights;
  onSet: (subset: string, weight: number) => void;
  isDisabled: boolean;
}

function Presets(props: WeightProps & { target: string }) {
  const { target, weights, onSet, isDisabled } = props;
  const { t } = useMeshTranslation();
  return (
    <div className={styles.presets}>
      <Text>{t('weights.gets', { subset: target })}</Text>
      <ToggleButtonGroup
        className={styles.choice}
        aria-label={t('weights.shareOf', { subset: target })}
        selectionMode="single"
        selectedKeys={[String(weights[target])]}
        onSelectionChange={chosen => {
          const [share] = [...chosen];
          if (share !== undefined) onSet(target, Number(share));
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
  );
}

function WeightFields(props: WeightProps) {
  const { weights, onSet, isDisabled } = props;
  const { t } = useMeshTranslation();
  return (
    <div className={styles.weights}>
      {Object.entries(weights).map(([subset, weight]) => (
        <div key={subset} className={styles.weight}>
          <Slider
            label={subset}
            minValue={0}
            maxValue={100}
            step={1}
            value={weight}
            onChange={value => onSet(subset, Number(value))}
            isDisabled={isDisabled}
          />
          <NumberField
            aria-label={t('weights.weightOf', { subset })}
            minValue={0}
            maxValue={100}
            step={1}
            value={weight}
            onChange={value => {
              if (!Number.isNaN(value)) onSet(subset, value);
            }}
            isDisabled={isDisabled}
          />
        </div>
      ))}
    </div>
  );
}

function EditorActions(props: {
  isDisabled: boolean;
  isUnchanged: boolean;
  onPreview: () => void;
  onReset: () => void;
}) {
  const { isDisabled, isUnchanged, onPreview, onReset } = props;
  const { t } = useMeshTranslation();
  return (
    <div className={styles.actions}>
      <Button
        variant="primary"
        isDisabled={isDisabled || isUnchanged}
        onPress={onPreview}
      >
        {t('weights.preview')}
      </Button>
      {!isUnchanged && (
        <Button variant="tertiary" onPress={onReset}>
          {t('weights.back')}
        </Button>
      )}
      {isUnchanged && !isDisabled && (
        <Text color="secondary">{t('weights.unchanged')}</Text>
      )}
    </div>
  );
}

/** The rule that is edited and the weights that a person set for it so far. */
function useDraft(rules: CanaryRule[]) {
  const main = mainRule(rules);
  const [chosenRule, setChosenRule] = useState(main && keyOf(main));
  const [draft, setDraft] = useState<Weights>();
  const found = rules.find(one => keyOf(one) === chosenRule);
  const rule = found ?? main;
  return {
    rule,
    weights: (found && draft) ?? rule?.weights ?? {},
    /** What was set for a rule is for no other one that came in its place. */
    isLost: found === undefined && draft !== undefined,
    choose: (key: string) => {
      setChosenRule(key);
      setDraft(undefined);
    },
    set: (next: Weights) => {
      setChosenRule(rule && keyOf(rule));
      setDraft(next);
    },
    reset: () => setDraft(undefined),
  };
}

/** Sets the weights of one rule; they add up to 100 at every moment. */
export function WeightsEditor(props: {
  rules: CanaryRule[];
  cannotChange?: string;
  onPreview: (intent: WeightIntent) => void;
}) {
  const { rules, cannotChange, onPreview } = props;
  const { t } = useMeshTranslation();
  const draft = useDraft(rules);
  const { rule, weights } = draft;
  if (!rule) {
    return (
      <Section title={t('weights.title')}>
        <Text>{t('weights.noRule')}</Text>
      </Section>
    );
  }
  const target = newcomer(rule.weights);
  const isDisabled = cannotChange !== undefined;
  const fields: WeightProps = {
    weights,
    onSet: (subset, weight) => draft.set(withWeight(weights, subset, weight)),
    isDisabled,
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
        {draft.isLost && (
          <Alert status="info" icon title={t('weights.ruleGone')} />
        )}
        <RuleChoice
          rules={rules}
          rule={rule}
          onChoose={draft.choose}
          isDisabled={isDisabled}
        />
        {target && <Presets target={target} {...fields} />}
        <WeightFields {...fields} />
        <EditorActions
          isDisabled={isDisabled}
          isUnchanged={sameWeights(weights, rule.weights)}
          onPreview={() => onPreview({ rule: rule.rule, weights })}
          onReset={draft.reset}
        />
      </div>
    </Section>
  );
}
