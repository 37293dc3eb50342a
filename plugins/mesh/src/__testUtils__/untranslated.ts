// The compiler is there wherever the types are checked.
// eslint-disable-next-line @backstage/no-undeclared-imports
import ts from 'typescript';

/** Names that are the same in every language. */
const NAMES = new Set(['YAML', 'TCP', 'mTLS', 'p99', 'ztunnel']);

/** What of an element's or a component's properties a person reads or hears. */
const READ_PROPERTIES = new Set([
  'alt',
  'any',
  'aria-description',
  'aria-label',
  'aria-valuetext',
  'ask',
  'description',
  'failed',
  'label',
  'note',
  'placeholder',
  'title',
  'words',
]);

const STYLE = 'var(--';

/** Two words with a space between: a sentence, not a name in code. */
const SENTENCE = /\p{L}{2,}[,:;]? \p{L}{2,}/u;

export interface Untranslated {
  line: number;
  text: string;
}

function hasWords(text: string): boolean {
  return text
    .split(/[^\p{L}\p{N}]+/u)
    .some(word => /\p{L}/u.test(word) && !NAMES.has(word));
}

/** The texts that an expression may come to, as far as they stand in it. */
function textsIn(expression: ts.Expression): ts.Node[] {
  if (ts.isStringLiteralLike(expression)) return [expression];
  if (ts.isTemplateExpression(expression)) {
    return [
      expression.head,
      ...expression.templateSpans.flatMap(span => [
        span.literal,
        ...textsIn(span.expression),
      ]),
    ];
  }
  if (ts.isConditionalExpression(expression)) {
    return [...textsIn(expression.whenTrue), ...textsIn(expression.whenFalse)];
  }
  if (ts.isParenthesizedExpression(expression)) {
    return textsIn(expression.expression);
  }
  if (ts.isBinaryExpression(expression)) {
    const { kind } = expression.operatorToken;
    const mayBeLeft =
      kind === ts.SyntaxKind.PlusToken ||
      kind === ts.SyntaxKind.BarBarToken ||
      kind === ts.SyntaxKind.QuestionQuestionToken;
    return [
      ...(mayBeLeft ? textsIn(expression.left) : []),
      ...(mayBeLeft || kind === ts.SyntaxKind.AmpersandAmpersandToken
        ? textsIn(expression.right)
        : []),
    ];
  }
  return [];
}

function textOf(node: ts.Node): string {
  return ts.isJsxText(node) ||
    ts.isLiteralExpression(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node)
    ? node.text
    : '';
}

/** What is shown by a node itself, not by those below it. */
function shownBy(node: ts.Node): ts.Node[] {
  if (ts.isJsxText(node)) return [node];
  if (ts.isJsxExpression(node) && node.expression) {
    const { parent } = node;
    const isRead =
      !ts.isJsxAttribute(parent) || READ_PROPERTIES.has(parent.name.getText());
    return isRead ? textsIn(node.expression) : [];
  }
  if (
    ts.isJsxAttribute(node) &&
    node.initializer &&
    ts.isStringLiteral(node.initializer) &&
    READ_PROPERTIES.has(node.name.getText())
  ) {
    return [node.initializer];
  }
  // Words in tables and functions beside the elements. Errors are for those who read logs.
  if (
    ts.isStringLiteralLike(node) &&
    !ts.isJsxAttribute(node.parent) &&
    !ts.isNewExpression(node.parent) &&
    SENTENCE.test(node.text) &&
    !node.text.includes(STYLE)
  ) {
    return [node];
  }
  return [];
}

/** The texts in a source file that every reader sees in the same language. */
export function untranslated(name: string, source: string): Untranslated[] {
  const file = ts.createSourceFile(
    name,
    source,
    ts.ScriptTarget.Latest,
    true,
    name.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const found = new Map<number, Untranslated>();
  const visit = (node: ts.Node) => {
    for (const shown of shownBy(node)) {
      const text = textOf(shown).trim();
      if (hasWords(text)) {
        const { line } = file.getLineAndCharacterOfPosition(shown.getStart());
        found.set(shown.getStart(), { line: line + 1, text });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...found.values()];
}
