import type { FormEvent, ReactNode } from 'react';
import { Button } from '@backstage/ui';
import { ErrorAlert } from '../errors/ErrorAlert';
import { Section } from '../frame/Section';
import { StatusMark, type StatusLevel } from '../verdict/StatusMark';
import { useIntent } from '../useIntent';
import type { AsyncRequest } from '../fetching/useRequest';
import styles from './TryForm.module.css';

/** One row of fields that becomes a column where the page is narrow, the button that asks, and what came out. */
export function TryForm<A, T>(props: {
  /** What analytics calls it. */
  subject: string;
  title: string;
  note: string;
  attempt: AsyncRequest<A, T>;
  /** What would be asked; undefined while something in the fields is wrong. */
  question: A | undefined;
  /** What the button says. */
  ask: string;
  /** What it is called when no answer comes. */
  failed: string;
  answerOf: (result: T) => { level: StatusLevel; words: ReactNode };
  children: ReactNode;
}) {
  const { title, note, attempt, question, ask, failed, answerOf } = props;
  const tell = useIntent();
  const answer = attempt.result && answerOf(attempt.result);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (question === undefined) return;
    tell('try', props.subject);
    attempt.send(question);
  };
  return (
    <Section title={title} note={note}>
      <form className={styles.form} onSubmit={submit}>
        {props.children}
        <Button
          type="submit"
          variant="secondary"
          isPending={attempt.isPending}
          isDisabled={question === undefined}
        >
          {ask}
        </Button>
      </form>
      {attempt.error && <ErrorAlert error={attempt.error} title={failed} />}
      {answer && (
        // Told to screen readers when it comes.
        <div className={styles.answer} role="status">
          <StatusMark level={answer.level}>{answer.words}</StatusMark>
        </div>
      )}
    </Section>
  );
}
