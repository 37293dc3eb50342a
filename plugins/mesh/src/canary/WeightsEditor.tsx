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
import { Section } from '../frame/Section';
import {
  mainRule,
  newcomer,
  sameWeights,
  withWeight,
  type Weights,
} from './weights';
import styles from './CanaryTab.module.css';

const PRESETS = [0, 10, 25, 50, 100];

function ruleTitle(rule: CanaryRule): string {
  return `Rule ${rule.index + 1}: ${rule.requests.join(' or ')}`;
}

/** Sets the weights of one rule; they add up to 100 at every moment. */
export function WeightsEditor(props: {
  rules: CanaryRule[];
  cannotChange?: string;
  onPreview: (intent: WeightIntent) => void;
}) {
  const { rules, cannotChange, onPreview } = props;
  const [ruleIndex, setRuleIndex] = useState(mainRule(rules)?.index);
  const [draft, setDraft] = useState<Weights>();
  const rule = rules.find(({ index }) => index === ruleIndex) ?? rules[0];

  if (!rule) {
    return (
      <Section title="Move traffic">
        <Text>
          No rule splits its requests between versions, so there is no weight to
          move.
        </Text>
      </Section>
    );
  }

  const weights = draft ?? rule.weights;
  const target = newcomer(rule.weights);
  const isDisabled = cannotChange !== undefined;
  const isUnchanged = sameWeights(weights, rule.weights);
  const set = (subset: string, weight: number) =>
    setDraft(withWeight(weights, subset, weight));

  return (
    <Section
      title="Move traffic"
      note="you see what would change before anything does"
    >
      <div className={styles.editor}>
        {isDisabled && (
          <Alert
            status="info"
            icon
            title="You cannot move traffic here"
            description={cannotChange}
          />
        )}
        {rules.length > 1 ? (
          <Select
            label="Rule"
            options={rules.map(one => ({
              id: String(one.index),
              label: ruleTitle(one),
            }))}
            value={String(rule.index)}
            onChange={chosen => {
              setRuleIndex(Number(chosen));
              setDraft(undefined);
            }}
            isDisabled={isDisabled}
          />
        ) : (
          <Text color="secondary">{ruleTitle(rule)}</Text>
        )}
        {target && (
          <div className={styles.presets}>
            <Text>{target} gets</Text>
            <ToggleButtonGroup
              className={styles.choice}
              aria-label={`Share of ${target}`}
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
                aria-label={`Weight of ${subset} in percent`}
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
            onPress={() => onPreview({ ruleIndex: rule.index, weights })}
          >
            Preview change
          </Button>
          {!isUnchanged && (
            <Button variant="tertiary" onPress={() => setDraft(undefined)}>
              Back to what is set
            </Button>
          )}
          {isUnchanged && !isDisabled && (
            <Text color="secondary">These are the weights now set.</Text>
          )}
        </div>
      </div>
    </Section>
  );
}
