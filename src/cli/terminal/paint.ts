import { styleText } from 'node:util';

/** Styles for people who look at a terminal; without colour every function gives its text back. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly name: (text: string) => string;
}

type Style = Parameters<typeof styleText>[0];

export function createPaint(colour: boolean): Paint {
  const painted = (style: Style) => (text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  return {
    bold: painted('bold'),
    dim: painted('gray'),
    good: painted('green'),
    bad: painted('red'),
    warn: painted('yellow'),
    name: painted('cyan'),
  };
}
