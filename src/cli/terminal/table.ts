import { stripVTControlCharacters } from 'node:util';

const GAP = '  ';

/** Rows as aligned lines. With a width, what is longest in the last column is cut to fit into it. */
export function table(rows: readonly (readonly string[])[], width: number | undefined): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => columnsOf(row[column] ?? ''))),
  );
  return rows.map((row) => {
    const line = row.map((cell, column) =>
      column === row.length - 1 ? cell : pad(cell, widths[column] ?? 0),
    );
    return cut(line.join(GAP).trimEnd(), width);
  });
}

const columnsOf = (cell: string): number => stripVTControlCharacters(cell).length;

const pad = (cell: string, width: number): string => cell + ' '.repeat(Math.max(0, width - columnsOf(cell)));

function cut(line: string, width: number | undefined): string {
  if (width === undefined || columnsOf(line) <= width) return line;
  return `${stripVTControlCharacters(line).slice(0, width - 1)}…`;
}
