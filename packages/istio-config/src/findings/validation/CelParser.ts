import { type CelToken, celTokens } from './celTokens';

/** By how strongly they bind, the weakest first. */
const LEVELS = [
  ['||'],
  ['&&'],
  ['<', '<=', '>=', '>', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Words that name nothing in CEL. */
const RESERVED = [
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
];

class NotCel extends Error {}

/** Reads a CEL expression, to find out whether it is one. What its names mean, nobody asks here. */
export class CelParser {
  /** Whether Istio's webhook would take it. Source: istio pkg/config/validation/validation_istiod.go, which only parses it. */
  static accepts(expression: string): boolean {
    const tokens = celTokens(expression);
    if (!tokens) {
      return false;
    }
    try {
      new CelParser(tokens).whole();
      return true;
    } catch (error) {
      if (error instanceof NotCel) {
        return false;
      }
      throw error;
    }
  }

  private next = 0;

  private constructor(private readonly tokens: readonly CelToken[]) {}

  private get token(): CelToken {
    return this.tokens[this.next];
  }

  private whole(): void {
    this.expression();
    if (this.token.kind !== 'end') {
      throw new NotCel();
    }
  }

  private expression(): void {
    this.level(0);
    if (this.takes('?')) {
      this.level(0);
      this.need(':');
      this.expression();
    }
  }

  private level(strength: number): void {
    if (strength === LEVELS.length) {
      this.unary();
      return;
    }
    do {
      this.level(strength + 1);
    } while (LEVELS[strength].some(operator => this.takes(operator)));
  }

  private unary(): void {
    const sign = ['!', '-'].find(each => this.isNext(each));
    while (sign && this.takes(sign)) {
      // As often as it stands there.
    }
    this.member();
  }

  private member(): void {
    this.primary();
    for (;;) {
      if (this.takes('.')) {
        this.field();
        if (this.takes('(')) {
          this.list(')');
        }
      } else if (this.takes('[')) {
        this.expression();
        this.need(']');
      } else {
        return;
      }
    }
  }

  private primary(): void {
    if (this.takes('(')) {
      this.expression();
      this.need(')');
    } else if (this.takes('[')) {
      this.list(']', { mayTrail: true });
    } else if (this.takes('{')) {
      this.entries(() => this.expression());
    } else if (this.token.kind === 'value') {
      this.next += 1;
    } else {
      this.named();
    }
  }

  /** A name, a call, or a message with its fields. */
  private named(): void {
    this.takes('.');
    const { text } = this.token;
    this.field();
    if (RESERVED.includes(text)) {
      throw new NotCel();
    }
    if (this.takes('(')) {
      this.list(')');
      return;
    }
    const before = this.next;
    while (this.takes('.') && this.token.kind === 'name') {
      this.next += 1;
    }
    if (this.takes('{')) {
      this.entries(() => this.field());
    } else {
      this.next = before;
    }
  }

  private field(): void {
    if (this.token.kind !== 'name' || this.token.text === 'in') {
      throw new NotCel();
    }
    this.next += 1;
  }

  private list(end: string, options: { mayTrail?: boolean } = {}): void {
    if (this.takes(end)) {
      return;
    }
    if (options.mayTrail && this.takes(',')) {
      this.need(end);
      return;
    }
    do {
      if (options.mayTrail && this.isNext(end)) {
        break;
      }
      this.expression();
    } while (this.takes(','));
    this.need(end);
  }

  private entries(key: () => void): void {
    while (!this.takes('}')) {
      if (this.takes(',')) {
        this.need('}');
        return;
      }
      key();
      this.need(':');
      this.expression();
      if (!this.isNext('}')) {
        this.need(',');
      }
    }
  }

  private isNext(text: string): boolean {
    return this.token.text === text && this.token.kind !== 'value';
  }

  private takes(text: string): boolean {
    const isThere = this.isNext(text);
    if (isThere) {
      this.next += 1;
    }
    return isThere;
  }

  private need(text: string): void {
    if (!this.takes(text)) {
      throw new NotCel();
    }
  }
}
